-- How many leads a site took on a day. Written only for sites with a daily budget, because it is one more written row
-- for each lead.
CREATE TABLE lead_counts (
    site TEXT NOT NULL, -- sites.site
    day TEXT NOT NULL, -- UTC date, 2026-11-23
    leads INTEGER NOT NULL CHECK (leads > 0), -- leads that were new on it
    PRIMARY KEY (site, day)
) STRICT, WITHOUT ROWID;
