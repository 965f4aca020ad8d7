-- Outcomes that were told before an API's destination was there go there only when its owner says since when: nobody else
-- knows whether she told the platform of them by other means.
-- Outcomes that happened since then go there though they were told before; NULL: none of them.
ALTER TABLE destinations ADD COLUMN outcomes_since_ms INTEGER;
-- Earlier outcomes that were told up to this moment are planned; NULL: nothing is left to plan.
ALTER TABLE destinations ADD COLUMN earlier_after_ms INTEGER;
