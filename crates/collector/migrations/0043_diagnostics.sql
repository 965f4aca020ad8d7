-- What diagnostics count, each written in the row that is written anyway.
-- What the lead knows of an ad click: usable, damaged, unknown_id, paid_without_id, none; NULL: the row is older than this column.
ALTER TABLE leads ADD COLUMN click TEXT;

-- When the platform's API last took something; NULL: never, or the platform fetches a file.
ALTER TABLE destinations ADD COLUMN taken_at_ms INTEGER;

-- The outcomes of some days, in the order in which they were told, so that neither diagnostics nor the purge reads all.
CREATE INDEX outcomes_by_arrival ON outcomes (site, received_at_ms);
