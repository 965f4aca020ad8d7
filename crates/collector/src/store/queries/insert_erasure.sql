-- Counted before anything is deleted, in the same transaction. A second try finds the row and leaves it.
INSERT INTO erasures (site, erasure_id, erased_at_ms, asked_by, leads, outcomes)
SELECT
    ?1, ?2, ?3, ?4,
    (SELECT count(*) FROM leads WHERE site = ?1 AND lead_id IN (SELECT value FROM json_each(?5))),
    (
        SELECT count(*)
        FROM outcomes
        WHERE site = ?1
            AND (lead_id IN (SELECT value FROM json_each(?5)) OR finder IN (SELECT value FROM json_each(?6)))
    )
WHERE true
ON CONFLICT (site, erasure_id) DO NOTHING
