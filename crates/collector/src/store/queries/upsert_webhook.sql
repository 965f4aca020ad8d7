-- A webhook of another site is left alone, and then nothing is returned.
INSERT INTO webhooks (source, site, settings)
VALUES (?1, ?2, ?3)
ON CONFLICT (source) DO UPDATE SET settings = excluded.settings
WHERE webhooks.site = excluded.site
RETURNING source
