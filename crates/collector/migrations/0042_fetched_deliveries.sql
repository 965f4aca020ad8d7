-- What a platform has fetched in a file has a row of the ledger too, so that a later change of it is told. SQLite changes
-- no CHECK, so the table is made anew.
CREATE TABLE deliveries_with_fetched (
    destination TEXT NOT NULL, -- destinations.destination
    site TEXT NOT NULL, -- sites.site
    outcome_id TEXT NOT NULL, -- outcomes.outcome_id
    change TEXT NOT NULL, -- empty: the outcome itself; retract, or restate: and the milliseconds of outcome_changes.changed_at_ms
    state TEXT NOT NULL CHECK (state IN ('due', 'waiting', 'sending', 'sent', 'fetched', 'confirmed', 'held', 'refused')), -- where it stands; fetched: in a file
    next_at_ms INTEGER, -- the next step: to send, the end of a lease, to ask what became of it; NULL: none
    since_ms INTEGER, -- since when it is in this state, as far as the state says so; fetched: for the first time
    attempts INTEGER NOT NULL DEFAULT 0, -- how often it was sent
    asked INTEGER NOT NULL DEFAULT 0, -- how often the platform was asked what became of it
    request_id TEXT, -- by which the platform is asked
    request_row INTEGER, -- its place in that request, from 0
    reason TEXT, -- the code of one of our own rules that stands in its way
    answer TEXT, -- the code that the platform answered
    may_be_there INTEGER NOT NULL DEFAULT 0, -- 1: an earlier attempt may have arrived, because its answer was lost
    payload TEXT, -- JSON of what is sent, frozen before the first attempt; NULL: not judged to be deliverable yet, or in a file
    frozen_at_ms INTEGER, -- when it was first given to the platform: changes that were told before are in it
    PRIMARY KEY (destination, outcome_id, change)
) STRICT, WITHOUT ROWID;

INSERT INTO deliveries_with_fetched (
    destination, site, outcome_id, change, state, next_at_ms, since_ms, attempts, asked, request_id, request_row, reason,
    answer, may_be_there, payload, frozen_at_ms
)
SELECT
    destination, site, outcome_id, change, state, next_at_ms, since_ms, attempts, asked, request_id, request_row, reason,
    answer, may_be_there, payload, frozen_at_ms
FROM deliveries;

DROP TABLE deliveries;

ALTER TABLE deliveries_with_fetched RENAME TO deliveries;

-- What the next sweep has to do. What has ended needs no row here.
CREATE INDEX deliveries_by_next ON deliveries (destination, next_at_ms) WHERE next_at_ms IS NOT NULL;

-- When the platform last fetched the file of conversions; NULL: never.
ALTER TABLE destinations ADD COLUMN conversions_fetched_at_ms INTEGER;
-- When the platform last fetched the file of changes; NULL: never.
ALTER TABLE destinations ADD COLUMN adjustments_fetched_at_ms INTEGER;
