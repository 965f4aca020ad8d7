-- A scan of the narrow table, because an index would be one more written row for each thing that a lead is found by.
SELECT DISTINCT lead_arrivals.lead_id
FROM lead_arrivals, json_each(lead_arrivals.finders) AS finder
WHERE lead_arrivals.site = ?1 AND finder.value IN (SELECT value FROM json_each(?2))
LIMIT ?3
