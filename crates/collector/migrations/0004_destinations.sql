-- Where outcomes go: a conversion action of an ad platform, and how the platform gets them.
CREATE TABLE destinations (
    destination TEXT NOT NULL, -- the id in feeds/{destination}/…
    site TEXT NOT NULL, -- sites.site
    platform TEXT NOT NULL CHECK (platform IN ('google')), -- the ad platform
    transport TEXT NOT NULL CHECK (transport IN ('feed')), -- feed: the platform fetches a file
    dialect TEXT NOT NULL CHECK (dialect IN ('legacy_upload')), -- legacy_upload: the file of Goals > Conversions > Uploads
    conversion_action TEXT NOT NULL, -- its name at the platform, exactly
    outcome_kinds TEXT NOT NULL CHECK (json_valid(outcome_kinds)), -- JSON array of outcomes.kind
    feed_user TEXT, -- HTTP Basic user of the feed
    feed_password_sha256 TEXT, -- hex SHA-256 of its password
    click_wait_hours INTEGER CHECK (click_wait_hours >= 0), -- hours after a click before its outcomes are delivered; NULL: the platform's rule
    lookback_days INTEGER CHECK (lookback_days BETWEEN 1 AND 90), -- the action's click-through look-back; NULL: the platform's longest
    time_zone TEXT NOT NULL, -- IANA zone that the file's times are written by
    PRIMARY KEY (destination),
    CHECK ((feed_user IS NULL) = (feed_password_sha256 IS NULL))
) STRICT, WITHOUT ROWID;
