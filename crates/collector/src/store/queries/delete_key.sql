DELETE FROM keys WHERE key_id = ?1
