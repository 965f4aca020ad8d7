-- A key of another site is left alone, and then nothing is returned.
INSERT INTO keys (key_id, site, scopes, secret_sha256, created_at_ms)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (key_id) DO UPDATE SET scopes = excluded.scopes WHERE keys.site = excluded.site
RETURNING secret_sha256
