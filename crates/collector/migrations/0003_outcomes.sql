-- What later happened to leads. A row may come before its lead; it then waits for it.
CREATE TABLE outcomes (
    site TEXT NOT NULL, -- sites.site
    outcome_id TEXT NOT NULL, -- the teller's own id; the ad platform sees it as the order id
    lead_id TEXT NOT NULL, -- leads.lead_id, canonical; no foreign key, because the lead may come later
    kind TEXT NOT NULL, -- what happened, in the site's own words, such as won
    occurred_at_ms INTEGER NOT NULL, -- when it happened
    value TEXT, -- decimal with the digits as told; never a float
    currency TEXT, -- ISO 4217
    received_at_ms INTEGER NOT NULL, -- the collector's clock
    content_sha256 TEXT NOT NULL, -- hex SHA-256 of the core's content text: tells a repetition from another use of the id
    PRIMARY KEY (site, outcome_id),
    CHECK ((value IS NULL) = (currency IS NULL))
) STRICT, WITHOUT ROWID;
