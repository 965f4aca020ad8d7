-- Outcomes as every destination is asked about them: with their newest value, whether they were taken back, and their lead.
-- A view stores nothing: SQLite reads through it, as if a statement named these tables itself. A migration that makes one of
-- them anew drops the view first and makes it again.
CREATE VIEW outcomes_with_leads AS
SELECT
    outcomes.site, -- sites.site
    outcomes.outcome_id, -- the teller's own id
    outcomes.reference, -- what names its lead
    outcomes.kind, -- what happened
    outcomes.occurred_at_ms, -- when it happened
    outcomes.received_at_ms, -- when it was told
    coalesce(restated.value, outcomes.value) AS value, -- the newest
    coalesce(restated.currency, outcomes.currency) AS currency, -- of value
    restated.changed_at_ms AS restated_at_ms, -- when value became so; NULL: it is the first
    restated.received_at_ms AS restate_received_at_ms, -- when that was told
    EXISTS (
        SELECT 1 FROM outcome_changes
        WHERE outcome_changes.site = outcomes.site
            AND outcome_changes.outcome_id = outcomes.outcome_id
            AND outcome_changes.change = 'retract'
    ) AS is_retracted, -- 1: taken back, whenever
    leads.lead, -- NULL, like all that follows: no lead is matched
    leads.received_at_ms AS lead_received_at_ms, -- when the lead came
    leads.user_agent AS lead_user_agent, -- the browser that sent it
    leads.suspicion AS lead_suspicion -- why it does not look like a person's
FROM outcomes
LEFT JOIN leads ON leads.site = outcomes.site AND leads.lead_id = outcomes.lead_id
LEFT JOIN outcome_changes AS restated ON restated.site = outcomes.site
    AND restated.outcome_id = outcomes.outcome_id
    AND restated.change = 'restate'
    AND restated.changed_at_ms = (
        SELECT max(changed_at_ms) FROM outcome_changes
        WHERE outcome_changes.site = outcomes.site
            AND outcome_changes.outcome_id = outcomes.outcome_id
            AND outcome_changes.change = 'restate'
    );
