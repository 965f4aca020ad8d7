SELECT refresh_token_sealed AS sealed, refresh_token_at_ms AS given_at_ms
FROM destinations
WHERE destination = ?1 AND refresh_token_sealed IS NOT NULL
