-- One statement for all rows, because D1 counts the statements of a run.
UPDATE lead_arrivals
SET finders = json_extract(mended.value, '$.finders')
FROM json_each(?1) AS mended
WHERE lead_arrivals.site = json_extract(mended.value, '$.site')
    AND lead_arrivals.received_at_ms = json_extract(mended.value, '$.received_at_ms')
    AND lead_arrivals.lead_id = json_extract(mended.value, '$.lead_id')
