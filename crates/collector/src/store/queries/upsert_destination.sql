-- A destination of another site is left alone, and then nothing is returned. A password belongs to its user: with another
-- user comes another one.
INSERT INTO destinations (
    destination, site, platform, transport, dialect, conversion_action, outcome_kinds, feed_user,
    feed_password_sha256, click_wait_hours, lookback_days, time_zone, api,
    outcomes_since_ms, earlier_after_ms
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
ON CONFLICT (destination) DO UPDATE SET
    refresh_token_sealed = CASE
        WHEN destinations.platform = excluded.platform AND destinations.transport = excluded.transport
            THEN destinations.refresh_token_sealed
    END,
    refresh_token_at_ms = CASE
        WHEN destinations.platform = excluded.platform AND destinations.transport = excluded.transport
            THEN destinations.refresh_token_at_ms
    END,
    platform = excluded.platform,
    transport = excluded.transport,
    dialect = excluded.dialect,
    conversion_action = excluded.conversion_action,
    outcome_kinds = excluded.outcome_kinds,
    feed_password_sha256 = CASE
        WHEN destinations.feed_user IS excluded.feed_user THEN destinations.feed_password_sha256
        ELSE excluded.feed_password_sha256
    END,
    feed_user = excluded.feed_user,
    click_wait_hours = excluded.click_wait_hours,
    lookback_days = excluded.lookback_days,
    time_zone = excluded.time_zone,
    api = excluded.api,
    outcomes_since_ms = excluded.outcomes_since_ms,
    earlier_after_ms = excluded.earlier_after_ms
WHERE destinations.site = excluded.site
RETURNING feed_password_sha256
