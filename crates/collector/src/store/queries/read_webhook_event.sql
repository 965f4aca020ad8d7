SELECT event_key
FROM webhook_events
WHERE site = ?1 AND source = ?2 AND event_key = ?3
