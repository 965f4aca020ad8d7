-- Else another site of this id would take the events of its own providers for repeated ones.
DELETE FROM webhook_events
WHERE site = ?1 AND NOT EXISTS (SELECT 1 FROM sites WHERE sites.site = webhook_events.site)
