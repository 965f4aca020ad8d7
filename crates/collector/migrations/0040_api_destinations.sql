-- Destinations that a platform's API is told of, besides files that it fetches. SQLite changes no CHECK, so the table is
-- made anew.
CREATE TABLE destinations_with_apis (
    destination TEXT NOT NULL, -- the id in feeds/{destination}/…
    site TEXT NOT NULL, -- sites.site
    platform TEXT NOT NULL CHECK (platform IN ('google', 'microsoft', 'meta')), -- the ad platform
    transport TEXT NOT NULL CHECK (transport IN ('feed', 'api')), -- feed: the platform fetches a file; api: it is told
    dialect TEXT CHECK (dialect IN ('legacy_upload', 'enhanced_leads', 'data_manager', 'offline_conversions')), -- which file; NULL: none, an API
    conversion_action TEXT NOT NULL, -- its name at the platform, exactly
    outcome_kinds TEXT NOT NULL CHECK (json_valid(outcome_kinds)), -- JSON array of outcomes.kind
    feed_user TEXT, -- HTTP Basic user of the feed
    feed_password_sha256 TEXT, -- hex SHA-256 of its password
    click_wait_hours INTEGER CHECK (click_wait_hours >= 0), -- hours after a click before its outcomes are delivered; NULL: the platform's rule
    lookback_days INTEGER CHECK (lookback_days BETWEEN 1 AND 90), -- the action's click-through look-back; NULL: the platform's longest
    time_zone TEXT NOT NULL, -- IANA zone that the file's times are written by
    api TEXT CHECK (api IS NULL OR json_valid(api)), -- JSON object of what only this platform's API asks for, such as account numbers; NULL: a feed
    PRIMARY KEY (destination),
    CHECK ((feed_user IS NULL) = (feed_password_sha256 IS NULL)),
    CHECK ((transport = 'feed') = (dialect IS NOT NULL)),
    CHECK ((transport = 'api') = (api IS NOT NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO destinations_with_apis (
    destination, site, platform, transport, dialect, conversion_action, outcome_kinds, feed_user,
    feed_password_sha256, click_wait_hours, lookback_days, time_zone
)
SELECT
    destination, site, platform, transport, dialect, conversion_action, outcome_kinds, feed_user,
    feed_password_sha256, click_wait_hours, lookback_days, time_zone
FROM destinations;

DROP TABLE destinations;

ALTER TABLE destinations_with_apis RENAME TO destinations;
