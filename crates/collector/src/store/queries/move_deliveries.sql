-- Each delivery goes to its next state, if nobody has moved it since it was read: of two sweeps one gets it, and an answer
-- that comes after its lease has run out moves nothing. Each row names its destination itself, so that the rows are looked
-- up one by one and not the whole destination for each. What has ended keeps the number of its attempts.
UPDATE deliveries
SET
    state = json_extract(move.value, '$.record.state'),
    next_at_ms = json_extract(move.value, '$.record.next_at_ms'),
    since_ms = json_extract(move.value, '$.record.since_ms'),
    attempts = CASE
        WHEN json_extract(move.value, '$.record.state') IN ('confirmed', 'held', 'refused') THEN deliveries.attempts
        ELSE json_extract(move.value, '$.record.attempts')
    END,
    asked = json_extract(move.value, '$.record.asked'),
    request_id = json_extract(move.value, '$.record.request_id'),
    request_row = json_extract(move.value, '$.request_row'),
    reason = json_extract(move.value, '$.record.reason'),
    answer = json_extract(move.value, '$.record.answer'),
    may_be_there = json_extract(move.value, '$.record.may_be_there'),
    payload = coalesce(deliveries.payload, json_extract(move.value, '$.payload')),
    frozen_at_ms = coalesce(deliveries.frozen_at_ms, json_extract(move.value, '$.frozen_at_ms'))
FROM json_each(?1) AS move
WHERE deliveries.destination = json_extract(move.value, '$.destination')
    AND deliveries.outcome_id = json_extract(move.value, '$.outcome_id')
    AND deliveries.change = json_extract(move.value, '$.change')
    AND deliveries.state = json_extract(move.value, '$.was_state')
    AND deliveries.next_at_ms IS json_extract(move.value, '$.was_next_at_ms')
RETURNING deliveries.outcome_id, deliveries.change
