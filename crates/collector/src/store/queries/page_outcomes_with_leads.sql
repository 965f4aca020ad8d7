SELECT
    outcomes.outcome_id, outcomes.lead_id, outcomes.kind, outcomes.occurred_at_ms, outcomes.value, outcomes.currency,
    leads.lead, leads.received_at_ms AS lead_received_at_ms,
    leads.user_agent AS lead_user_agent, leads.suspicion AS lead_suspicion
FROM outcomes
LEFT JOIN leads ON leads.site = outcomes.site AND leads.lead_id = outcomes.lead_id
WHERE outcomes.site = ?1
    AND outcomes.outcome_id > ?2
    AND outcomes.occurred_at_ms >= ?3
    AND outcomes.kind IN (SELECT value FROM json_each(?4))
ORDER BY outcomes.outcome_id
LIMIT ?5
