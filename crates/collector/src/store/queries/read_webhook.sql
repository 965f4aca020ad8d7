SELECT site, settings
FROM webhooks
WHERE source = ?1
