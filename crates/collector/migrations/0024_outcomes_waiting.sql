-- Which outcomes still wait for their lead, so that counting them reads no more rows than there are.
-- 1 while no lead of the outcome's reference is stored; 0 afterwards.
ALTER TABLE outcomes ADD COLUMN waits INTEGER NOT NULL DEFAULT 0 CHECK (waits IN (0, 1));

UPDATE outcomes
SET waits = 1
WHERE NOT EXISTS (SELECT 1 FROM leads WHERE leads.site = outcomes.site AND leads.lead_id = outcomes.lead_id);

-- An outcome that never waits costs no row here.
CREATE INDEX outcomes_waiting ON outcomes (site) WHERE waits = 1;
