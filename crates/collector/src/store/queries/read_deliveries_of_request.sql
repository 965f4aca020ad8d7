SELECT
    outcome_id, change, state, next_at_ms, since_ms, attempts, asked, request_id, reason, answer, may_be_there,
    request_row, payload
FROM deliveries
WHERE destination = ?1 AND next_at_ms <= ?2 AND state = 'sent' AND request_id = ?3
ORDER BY request_row
