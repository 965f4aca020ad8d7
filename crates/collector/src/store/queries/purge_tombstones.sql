DELETE FROM tombstones WHERE erased_at_ms < ?1
