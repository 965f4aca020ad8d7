-- Everybody may ask, so the work is bounded: more than ten thousand are told as ten thousand.
SELECT count(*) AS count
FROM (SELECT 1 FROM outcomes WHERE waits = 1 LIMIT 10000)
