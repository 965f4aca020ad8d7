-- For each of these days, given by its first moment and that of the next. CROSS JOIN keeps the order
-- (https://sqlite.org/optoverview.html#crossjoin): only the rows of these days are read.
SELECT
    day.key AS day, leads.click, leads.suspicion IS NOT NULL AS is_suspected, count(*) AS count
FROM json_each(?2) AS day
CROSS JOIN lead_arrivals ON lead_arrivals.site = ?1
    AND lead_arrivals.received_at_ms >= json_extract(day.value, '$[0]')
    AND lead_arrivals.received_at_ms < json_extract(day.value, '$[1]')
CROSS JOIN leads ON leads.site = ?1 AND leads.lead_id = lead_arrivals.lead_id
GROUP BY day.key, leads.click, is_suspected
