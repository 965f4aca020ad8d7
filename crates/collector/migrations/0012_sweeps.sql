-- How far the work has come that nobody waits for, one row for each job.
CREATE TABLE sweeps (
    job TEXT NOT NULL CHECK (job IN ('arrivals', 'purge')), -- arrivals: the outbox of new leads; purge: what is kept too long
    mark_ms INTEGER NOT NULL, -- arrivals: leads received before this moment are done; purge: the moment by which it was judged
    finished_at_ms INTEGER NOT NULL, -- the collector's clock at the end of the last run
    PRIMARY KEY (job)
) STRICT, WITHOUT ROWID;
