SELECT lead_id, received_at_ms, lead, user_agent, channel, channel_reason, first_channel, suspicion
FROM leads
WHERE site = ?1 AND lead_id IN (SELECT value FROM json_each(?2))
ORDER BY received_at_ms, lead_id
