-- Two sweeps may run at once; neither takes the mark back.
INSERT INTO sweeps (job, mark_ms, finished_at_ms)
VALUES (?1, ?2, ?3)
ON CONFLICT (job) DO UPDATE SET
    mark_ms = max(sweeps.mark_ms, excluded.mark_ms),
    finished_at_ms = max(sweeps.finished_at_ms, excluded.finished_at_ms)
