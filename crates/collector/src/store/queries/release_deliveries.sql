-- What was held is judged anew. What may have arrived counts as sent once, so that its payload stays what it was.
UPDATE deliveries
SET state = 'due', next_at_ms = ?2, since_ms = NULL, attempts = may_be_there, reason = NULL, answer = NULL
WHERE destination = ?1 AND state = 'held'
RETURNING outcome_id
