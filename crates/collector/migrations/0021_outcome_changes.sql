-- Later words on outcomes. The outcome itself stays as it was told, because what a platform was sent must be known
-- when it is changed there. A row may come before its outcome; it then waits for it.
CREATE TABLE outcome_changes (
    site TEXT NOT NULL, -- sites.site
    outcome_id TEXT NOT NULL, -- outcomes.outcome_id; no foreign key, because the outcome may come later
    change TEXT NOT NULL CHECK (change IN ('restate', 'retract')), -- the newest restate counts; a retracted outcome stays so
    changed_at_ms INTEGER NOT NULL, -- when it changed, as told; else received_at_ms
    value TEXT, -- the new decimal with the digits as told
    currency TEXT, -- ISO 4217
    received_at_ms INTEGER NOT NULL, -- the collector's clock
    content_sha256 TEXT NOT NULL, -- hex SHA-256 of change and value: tells a repetition from another change
    PRIMARY KEY (site, outcome_id, change, changed_at_ms),
    CHECK ((value IS NULL) = (currency IS NULL)),
    CHECK ((change = 'restate') = (value IS NOT NULL))
) STRICT, WITHOUT ROWID;
