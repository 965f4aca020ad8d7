SELECT content_sha256
FROM leads
WHERE site = ?1 AND lead_id = ?2
