UPDATE destinations
SET
    conversions_fetched_at_ms = CASE ?2 WHEN 'conversions' THEN ?3 ELSE conversions_fetched_at_ms END,
    adjustments_fetched_at_ms = CASE ?2 WHEN 'adjustments' THEN ?3 ELSE adjustments_fetched_at_ms END
WHERE destination = ?1
