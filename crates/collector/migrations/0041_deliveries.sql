-- The ledger: one row for each outcome and each API that it goes to, written with the outcome, so that none is forgotten;
-- and one for each change of an outcome that was delivered there.
CREATE TABLE deliveries (
    destination TEXT NOT NULL, -- destinations.destination
    site TEXT NOT NULL, -- sites.site
    outcome_id TEXT NOT NULL, -- outcomes.outcome_id
    change TEXT NOT NULL, -- empty: the outcome itself; retract, or restate: and the milliseconds of outcome_changes.changed_at_ms
    state TEXT NOT NULL CHECK (state IN ('due', 'waiting', 'sending', 'sent', 'confirmed', 'held', 'refused')), -- where it stands
    next_at_ms INTEGER, -- the next step: to send, the end of a lease, to ask what became of it; NULL: none
    since_ms INTEGER, -- since when it is in this state, as far as the state says so
    attempts INTEGER NOT NULL DEFAULT 0, -- how often it was sent
    asked INTEGER NOT NULL DEFAULT 0, -- how often the platform was asked what became of it
    request_id TEXT, -- by which the platform is asked
    request_row INTEGER, -- its place in that request, from 0
    reason TEXT, -- the code of one of our own rules that stands in its way
    answer TEXT, -- the code that the platform answered
    may_be_there INTEGER NOT NULL DEFAULT 0, -- 1: an earlier attempt may have arrived, because its answer was lost
    payload TEXT, -- JSON of what is sent, frozen before the first attempt; NULL: not judged to be deliverable yet
    frozen_at_ms INTEGER, -- when payload was frozen: it says what was known then
    PRIMARY KEY (destination, outcome_id, change)
) STRICT, WITHOUT ROWID;

-- What the next sweep has to do. What has ended needs no row here.
CREATE INDEX deliveries_by_next ON deliveries (destination, next_at_ms) WHERE next_at_ms IS NOT NULL;
