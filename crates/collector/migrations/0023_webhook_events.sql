-- Deliveries that were taken, so that a repeated one changes nothing, not even a value that has changed since.
CREATE TABLE webhook_events (
    site TEXT NOT NULL, -- sites.site
    source TEXT NOT NULL, -- webhooks.source
    event_key TEXT NOT NULL, -- the provider's id of the event, or hex SHA-256 of its bytes and the minute
    received_at_ms INTEGER NOT NULL, -- the collector's clock
    PRIMARY KEY (site, source, event_key)
) STRICT, WITHOUT ROWID;
