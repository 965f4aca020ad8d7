SELECT key_id, site, scopes, secret_sha256
FROM keys
WHERE key_id = ?1
