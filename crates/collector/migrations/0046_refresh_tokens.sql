-- Microsoft gives out a newer refresh token with each access token, and the older one ends. The newest is kept in the row of its
-- destination, so that it goes with it.
-- Microsoft's newest refresh token, sealed by a key that only the deployment's secret makes; NULL: none is kept.
ALTER TABLE destinations ADD COLUMN refresh_token_sealed TEXT;
-- When it was given out.
ALTER TABLE destinations ADD COLUMN refresh_token_at_ms INTEGER;
