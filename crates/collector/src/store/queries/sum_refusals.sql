SELECT code, sum(count) AS count
FROM refused_counts
WHERE day >= ?1
GROUP BY code
ORDER BY code
