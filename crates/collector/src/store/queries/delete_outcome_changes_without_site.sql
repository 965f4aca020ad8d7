-- Changes that came before their outcomes, and now wait in vain.
DELETE FROM outcome_changes
WHERE site = ?1 AND NOT EXISTS (SELECT 1 FROM sites WHERE sites.site = outcome_changes.site)
