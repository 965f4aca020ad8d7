DELETE FROM lead_counts WHERE day < ?1
