-- A second retract says nothing new, and neither does a restate without a moment of its own whose value is the newest
-- one already, be it stored or in the same batch. With a moment of its own, the last word on that moment counts.
INSERT INTO outcome_changes (
    site, outcome_id, change, changed_at_ms, value, currency, received_at_ms, content_sha256
)
SELECT
    ?1,
    json_extract(told.value, '$.outcome_id'),
    json_extract(told.value, '$.change'),
    coalesce(json_extract(told.value, '$.changed_at_ms'), CAST(?2 AS INTEGER)),
    json_extract(told.value, '$.value'),
    json_extract(told.value, '$.currency'),
    ?2,
    json_extract(told.value, '$.content_sha256')
FROM json_each(?3) AS told
WHERE CASE
    WHEN json_extract(told.value, '$.change') = 'retract' THEN NOT EXISTS (
        SELECT 1 FROM outcome_changes
        WHERE site = ?1 AND outcome_id = json_extract(told.value, '$.outcome_id') AND change = 'retract'
    )
    WHEN json_extract(told.value, '$.changed_at_ms') IS NULL THEN json_extract(told.value, '$.content_sha256') IS NOT coalesce(
        (
            SELECT content_sha256 FROM outcome_changes
            WHERE site = ?1 AND outcome_id = json_extract(told.value, '$.outcome_id') AND change = 'restate'
                AND changed_at_ms > coalesce(json_extract(told.value, '$.dated_ms'), -1)
            ORDER BY changed_at_ms DESC
            LIMIT 1
        ),
        json_extract(told.value, '$.dated_sha256')
    )
    ELSE true
END
ON CONFLICT (site, outcome_id, change, changed_at_ms) DO UPDATE SET
    value = excluded.value,
    currency = excluded.currency,
    received_at_ms = excluded.received_at_ms,
    content_sha256 = excluded.content_sha256
WHERE outcome_changes.content_sha256 <> excluded.content_sha256
RETURNING outcome_id, content_sha256
