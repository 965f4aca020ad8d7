-- A lead that was erased stays away, however late its repetition comes; and a lead that was judged by settings which the
-- site no longer has is not stored by them.
INSERT INTO leads (
    site, lead_id, received_at_ms, first_click_at_ms, lead, content_sha256, user_agent,
    channel, channel_reason, first_channel, suspicion, click
)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?12, ?13
WHERE NOT EXISTS (SELECT 1 FROM tombstones WHERE tombstones.site = ?1 AND tombstones.lead_sha256 = ?11)
    AND EXISTS (
        SELECT 1 FROM sites
        WHERE sites.site = ?1 AND sites.origins = ?14 AND sites.daily_budget IS ?15
    )
ON CONFLICT (site, lead_id) DO NOTHING
RETURNING lead_id
