-- Of two sweeps that were given one at once, the newer stays, whoever comes last.
UPDATE destinations
SET refresh_token_sealed = ?2, refresh_token_at_ms = ?3
WHERE destination = ?1
    AND platform = 'microsoft'
    AND transport = 'api'
    AND (refresh_token_at_ms IS NULL OR refresh_token_at_ms < ?3)
