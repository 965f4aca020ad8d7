-- Settings of `cargo xtask dev` only; a deployment never sees them. Applying the file again changes nothing.
INSERT INTO sites (site, origins)
VALUES ('default', '["http://localhost:*", "http://127.0.0.1:*"]')
ON CONFLICT (site) DO UPDATE SET origins = excluded.origins, time_zone = excluded.time_zone;

-- The password is dev-feed-password. A wait of 0 hours instead of Google's 6 lets the demo show its row at once; a
-- real destination leaves click_wait_hours NULL.
INSERT INTO destinations (
    destination, site, platform, transport, dialect, conversion_action, outcome_kinds,
    feed_user, feed_password_sha256, click_wait_hours, lookback_days, time_zone
)
VALUES (
    'google-demo', 'default', 'google', 'feed', 'legacy_upload', 'Closed deal', '["won"]',
    'google-demo', '18cc9b659f4293d6a75d5d4f3d9ede28ff8f7f373152736fafa6603b7e58c274', 0, NULL, 'UTC'
)
ON CONFLICT (destination) DO UPDATE SET
    site = excluded.site,
    platform = excluded.platform,
    transport = excluded.transport,
    dialect = excluded.dialect,
    conversion_action = excluded.conversion_action,
    outcome_kinds = excluded.outcome_kinds,
    feed_user = excluded.feed_user,
    feed_password_sha256 = excluded.feed_password_sha256,
    click_wait_hours = excluded.click_wait_hours,
    lookback_days = excluded.lookback_days,
    time_zone = excluded.time_zone;
