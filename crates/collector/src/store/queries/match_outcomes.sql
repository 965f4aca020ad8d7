-- Gives the outcomes of these finders their lead, and a better one if it came late, so that the order of arrival does
-- not matter. An outcome belongs to the newest lead that was sent before it; if there is none, to the first one that was
-- sent after it, because a click may lead to a call before it leads to a form. A lead whose click came after the outcome
-- has not led to it, and a lead that a robot sent is taken only if there is no other. The subquery without rows keeps a
-- lead for which nothing waits from reading all arrivals.
WITH told AS MATERIALIZED (
    SELECT outcome_id, finder, occurred_at_ms
    FROM outcomes
    WHERE site = ?1 AND finder IN (SELECT value FROM json_each(?2))
),
found AS MATERIALIZED (
    SELECT
        finder.value AS finder,
        leads.lead_id,
        leads.first_click_at_ms,
        leads.suspicion IS NOT NULL AS is_suspected,
        min(
            leads.received_at_ms,
            coalesce(
                CAST(round(unixepoch(json_extract(leads.lead, '$.submitted_at'), 'subsec') * 1000) AS INTEGER),
                leads.received_at_ms
            )
        ) AS sent_at_ms
    FROM (SELECT 1 FROM told LIMIT 1)
    CROSS JOIN lead_arrivals
    CROSS JOIN json_each(lead_arrivals.finders) AS finder
    CROSS JOIN leads
    WHERE lead_arrivals.site = ?1
        AND finder.value IN (SELECT finder FROM told)
        AND leads.site = ?1
        AND leads.lead_id = lead_arrivals.lead_id
),
ranked AS (
    SELECT
        told.outcome_id,
        found.lead_id,
        row_number() OVER (
            PARTITION BY told.outcome_id
            ORDER BY
                found.is_suspected,
                found.sent_at_ms > told.occurred_at_ms,
                abs(found.sent_at_ms - told.occurred_at_ms),
                found.lead_id
        ) AS place
    FROM told
    JOIN found ON found.finder = told.finder
    WHERE found.first_click_at_ms IS NULL OR found.first_click_at_ms < told.occurred_at_ms
)
UPDATE outcomes SET lead_id = ranked.lead_id, waits = 0
FROM ranked
WHERE outcomes.site = ?1
    AND outcomes.outcome_id = ranked.outcome_id
    AND ranked.place = 1
    AND outcomes.lead_id IS NOT ranked.lead_id
