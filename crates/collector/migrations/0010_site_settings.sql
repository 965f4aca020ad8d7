-- How long a site keeps its leads, and how many it takes a day.
-- Days after its arrival that a lead is kept; a nightly purge deletes it with its outcomes.
ALTER TABLE sites ADD COLUMN retention_days INTEGER NOT NULL DEFAULT 400 CHECK (retention_days BETWEEN 1 AND 1096);
-- Leads that the site takes on one UTC day; NULL: as many as come.
ALTER TABLE sites ADD COLUMN daily_budget INTEGER CHECK (daily_budget >= 1);
