-- Each lead's channel, computed when it arrives; rows that are older than these columns hold NULL.
-- The channel of the newest touch, such as Paid Search.
ALTER TABLE leads ADD COLUMN channel TEXT;
-- Why, in a sentence that holds nothing of the visit.
ALTER TABLE leads ADD COLUMN channel_reason TEXT;
-- The channel of the first touch.
ALTER TABLE leads ADD COLUMN first_channel TEXT;
