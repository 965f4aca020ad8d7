-- The newest first. A row value is compared as a whole, so that leads of one millisecond are neither skipped nor repeated
-- (https://sqlite.org/rowvalue.html#scrolling_window_queries).
SELECT
    leads.lead_id, leads.received_at_ms, leads.lead, leads.user_agent, leads.channel, leads.channel_reason,
    leads.first_channel, leads.suspicion
FROM lead_arrivals
JOIN leads ON leads.site = lead_arrivals.site AND leads.lead_id = lead_arrivals.lead_id
WHERE lead_arrivals.site = ?1 AND (lead_arrivals.received_at_ms, lead_arrivals.lead_id) < (?2, ?3)
ORDER BY lead_arrivals.received_at_ms DESC, lead_arrivals.lead_id DESC
LIMIT ?4
