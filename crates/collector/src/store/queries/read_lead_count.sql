SELECT leads AS count
FROM lead_counts
WHERE site = ?1 AND day = ?2
