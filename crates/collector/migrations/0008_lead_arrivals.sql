-- One row for each lead, written in the lead's own transaction. In the order of arrival it is three things at once,
-- because every index would be one more written row for each lead: the outbox, whose rows after the mark of `sweeps` are
-- still to be worked on; the order in which leads are listed and purged; and the narrow table by which a lead is found.
CREATE TABLE lead_arrivals (
    site TEXT NOT NULL, -- sites.site
    received_at_ms INTEGER NOT NULL, -- leads.received_at_ms
    lead_id TEXT NOT NULL, -- leads.lead_id
    finders TEXT NOT NULL CHECK (json_valid(finders)), -- JSON array of 16 hex digits for each click id, hashed e-mail and hashed phone of the lead
    PRIMARY KEY (site, received_at_ms, lead_id)
) STRICT, WITHOUT ROWID;

-- Leads that are older than this table are found by their lead_id alone.
INSERT INTO lead_arrivals (site, received_at_ms, lead_id, finders)
SELECT site, received_at_ms, lead_id, '[]' FROM leads;
