-- What a file does not even look at: kinds that it does not take, and what is too old for it. Leads are not read.
SELECT
    kind IN (SELECT value FROM json_each(?2)) AS is_taken,
    count(*) AS count
FROM outcomes
WHERE site = ?1
    AND (occurred_at_ms < ?3 OR kind NOT IN (SELECT value FROM json_each(?2)))
GROUP BY is_taken
