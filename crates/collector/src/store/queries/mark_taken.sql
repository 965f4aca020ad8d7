UPDATE destinations
SET taken_at_ms = ?2
WHERE destination = ?1
