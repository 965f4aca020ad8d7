SELECT job, mark_ms, finished_at_ms
FROM sweeps
