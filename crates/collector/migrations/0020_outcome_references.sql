-- An outcome names its lead by a lead_id, a click id, an e-mail address or a phone number, and SQLite can neither drop a
-- NOT NULL nor add a column without a default that is none, so the table is made anew.
CREATE TABLE outcomes_with_references (
    site TEXT NOT NULL, -- sites.site
    outcome_id TEXT NOT NULL, -- the teller's own id; the ad platform sees it as the order id
    reference TEXT NOT NULL, -- what names the lead, as in lead_id:7K…, gclid:Cj0…; of email: and phone: the hash, never the address
    finder TEXT, -- one of lead_arrivals.finders; NULL: named by the lead_id itself
    lead_id TEXT, -- leads.lead_id, canonical; no foreign key, because the lead may come later; NULL: not found yet
    kind TEXT NOT NULL, -- what happened, in the site's own words, such as won
    occurred_at_ms INTEGER NOT NULL, -- when it happened
    value TEXT, -- decimal with the digits as told; never a float
    currency TEXT, -- ISO 4217
    received_at_ms INTEGER NOT NULL, -- the collector's clock
    content_sha256 TEXT NOT NULL, -- hex SHA-256 of the core's content text: tells a repetition from another use of the id
    PRIMARY KEY (site, outcome_id),
    CHECK ((value IS NULL) = (currency IS NULL)),
    CHECK (finder IS NOT NULL OR lead_id IS NOT NULL)
) STRICT, WITHOUT ROWID;

INSERT INTO outcomes_with_references (
    site, outcome_id, reference, lead_id, kind, occurred_at_ms, value, currency, received_at_ms, content_sha256
)
SELECT
    site, outcome_id, 'lead_id:' || lead_id, lead_id, kind, occurred_at_ms, value, currency, received_at_ms, content_sha256
FROM outcomes;

DROP TABLE outcomes;

ALTER TABLE outcomes_with_references RENAME TO outcomes;

-- The outcomes of a lead: its story, and what an erasure takes along.
CREATE INDEX outcomes_by_lead ON outcomes (site, lead_id);

-- The outcomes that a lead which has just arrived may belong to. Those that are named by a lead_id need no row here.
CREATE INDEX outcomes_by_finder ON outcomes (site, finder) WHERE finder IS NOT NULL;
