SELECT
    destination, site, platform, transport, dialect, conversion_action, outcome_kinds, feed_user,
    feed_password_sha256, click_wait_hours, lookback_days, time_zone, api, conversions_fetched_at_ms,
    adjustments_fetched_at_ms, taken_at_ms, outcomes_since_ms, earlier_after_ms,
    refresh_token_at_ms
FROM destinations
WHERE transport = 'api'
ORDER BY destination
