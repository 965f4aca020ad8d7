DELETE FROM refused_counts WHERE day < ?1
