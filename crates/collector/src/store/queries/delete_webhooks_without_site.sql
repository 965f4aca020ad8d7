DELETE FROM webhooks
WHERE site = ?1 AND NOT EXISTS (SELECT 1 FROM sites WHERE sites.site = webhooks.site)
