-- One row for each person that was forgotten: the proof of it, without the person.
CREATE TABLE erasures (
    site TEXT NOT NULL, -- sites.site
    erasure_id TEXT NOT NULL, -- the number of the receipt, random
    erased_at_ms INTEGER NOT NULL, -- the collector's clock
    asked_by TEXT NOT NULL CHECK (asked_by IN ('lead_id', 'email', 'phone')), -- by what the person was named
    leads INTEGER NOT NULL CHECK (leads >= 0), -- leads that were deleted
    outcomes INTEGER NOT NULL CHECK (outcomes >= 0), -- outcomes that were deleted
    PRIMARY KEY (site, erasure_id)
) STRICT, WITHOUT ROWID;

-- Leads that may not come back: a browser may still hold one in its queue and send it again.
CREATE TABLE tombstones (
    site TEXT NOT NULL, -- sites.site
    lead_sha256 TEXT NOT NULL, -- hex SHA-256 of site and lead_id, whose 80 random bits nobody guesses
    erased_at_ms INTEGER NOT NULL, -- the collector's clock
    PRIMARY KEY (site, lead_sha256)
) STRICT, WITHOUT ROWID;
