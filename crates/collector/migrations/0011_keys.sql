-- What a CRM or a report shows instead of the admin token. Deleting a row revokes the key.
CREATE TABLE keys (
    key_id TEXT NOT NULL, -- the id in v1/keys/{id}, and the public part of the key
    site TEXT NOT NULL, -- sites.site, the only site that the key opens
    scopes TEXT NOT NULL CHECK (json_valid(scopes)), -- JSON array of outcomes, read, admin
    secret_sha256 TEXT NOT NULL, -- hex SHA-256 of the secret part; the secret itself was shown once and is nowhere
    created_at_ms INTEGER NOT NULL, -- the collector's clock
    PRIMARY KEY (key_id)
) STRICT, WITHOUT ROWID;
