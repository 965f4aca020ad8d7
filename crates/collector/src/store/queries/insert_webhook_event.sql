INSERT INTO webhook_events (site, source, event_key, received_at_ms)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (site, source, event_key) DO NOTHING
