SELECT count(*) AS count
FROM outcomes
WHERE NOT EXISTS (SELECT 1 FROM leads WHERE leads.site = outcomes.site AND leads.lead_id = outcomes.lead_id)
