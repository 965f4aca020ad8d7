SELECT DISTINCT request_id
FROM deliveries
WHERE destination = ?1 AND next_at_ms <= ?2 AND state = 'sent'
ORDER BY next_at_ms
LIMIT ?3
