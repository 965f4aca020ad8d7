-- One statement for the whole batch, because D1 counts statements for each request. The outcome of a lead that was erased
-- stays away with it.
INSERT INTO outcomes (
    site, outcome_id, reference, finder, lead_id, kind, occurred_at_ms, value, currency, received_at_ms, content_sha256,
    waits
)
SELECT
    ?1,
    json_extract(value, '$.outcome_id'),
    json_extract(value, '$.reference'),
    json_extract(value, '$.finder'),
    json_extract(value, '$.lead_id'),
    json_extract(value, '$.kind'),
    json_extract(value, '$.occurred_at_ms'),
    json_extract(value, '$.value'),
    json_extract(value, '$.currency'),
    ?2,
    json_extract(value, '$.content_sha256'),
    NOT EXISTS (
        SELECT 1 FROM leads WHERE leads.site = ?1 AND leads.lead_id = json_extract(value, '$.lead_id')
    )
FROM json_each(?3)
WHERE NOT EXISTS (
    SELECT 1 FROM tombstones WHERE tombstones.site = ?1 AND tombstones.lead_sha256 = json_extract(value, '$.lead_sha256')
)
ON CONFLICT (site, outcome_id) DO NOTHING
RETURNING outcome_id
