-- How often each rule refused something. Counts only: nothing of what was refused is kept.
CREATE TABLE refused_counts (
    site TEXT NOT NULL, -- sites.site; empty where no known site was named
    day TEXT NOT NULL, -- UTC date, 2026-11-23
    route TEXT NOT NULL, -- v1/leads, v1/outcomes, feeds, health
    code TEXT NOT NULL, -- the rule's code, as in the answer
    count INTEGER NOT NULL CHECK (count > 0), -- refusals
    PRIMARY KEY (site, day, route, code)
) STRICT, WITHOUT ROWID;
