-- The sites whose leads this collector takes.
CREATE TABLE sites (
    site TEXT NOT NULL, -- the id in the tag's data-site
    origins TEXT NOT NULL CHECK (json_valid(origins)), -- JSON array of patterns: exact origins, http://localhost:*, https://*.example.com
    time_zone TEXT, -- IANA zone for outcome times without an offset; NULL: such times are refused
    PRIMARY KEY (site)
) STRICT, WITHOUT ROWID;
