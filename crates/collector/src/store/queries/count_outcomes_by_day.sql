-- For each of these days: outcomes that were told on it, and how many of them wait for their lead.
SELECT
    day.key AS day, count(*) AS count, sum(outcomes.waits) AS waiting
FROM json_each(?2) AS day
CROSS JOIN outcomes ON outcomes.site = ?1
    AND outcomes.received_at_ms >= json_extract(day.value, '$[0]')
    AND outcomes.received_at_ms < json_extract(day.value, '$[1]')
GROUP BY day.key
