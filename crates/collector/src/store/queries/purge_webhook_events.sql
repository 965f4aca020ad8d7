-- A provider tries again for days at most.
DELETE FROM webhook_events
WHERE (site, source, event_key) IN (
    SELECT site, source, event_key FROM webhook_events WHERE received_at_ms < ?1 LIMIT ?2
)
RETURNING event_key
