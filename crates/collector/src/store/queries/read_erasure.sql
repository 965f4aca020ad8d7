SELECT erasure_id, erased_at_ms, asked_by, leads, outcomes
FROM erasures
WHERE site = ?1 AND erasure_id = ?2
