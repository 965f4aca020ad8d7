-- What stands in a file that goes out now. What the platform was given before keeps its first moment; a change that was
-- held because the platform's API is not told of it goes by the file.
INSERT INTO deliveries (destination, site, outcome_id, change, state, since_ms, frozen_at_ms)
SELECT
    ?1, ?2, json_extract(fetched.value, '$.outcome_id'), json_extract(fetched.value, '$.change'), 'fetched', ?3, ?3
FROM json_each(?4) AS fetched
WHERE true
ON CONFLICT (destination, outcome_id, change) DO UPDATE SET
    state = excluded.state,
    since_ms = excluded.since_ms,
    frozen_at_ms = excluded.frozen_at_ms,
    next_at_ms = NULL,
    reason = NULL,
    answer = NULL
WHERE deliveries.state NOT IN ('sent', 'fetched', 'confirmed')
