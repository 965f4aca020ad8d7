-- One row for each submitted form whose visitor agreed to storage. Written once, never changed.
CREATE TABLE leads (
    site TEXT NOT NULL, -- sites.site
    lead_id TEXT NOT NULL, -- 16 characters and a check character, canonical
    received_at_ms INTEGER NOT NULL, -- the collector's clock
    first_click_at_ms INTEGER, -- the first paid click of the lead; NULL: it came from no ad
    lead TEXT NOT NULL CHECK (json_valid(lead)), -- the lead's JSON, version 1, as the core writes it
    content_sha256 TEXT NOT NULL, -- hex SHA-256 of lead: tells a repetition from another use of the lead_id
    PRIMARY KEY (site, lead_id)
) STRICT, WITHOUT ROWID;
