-- Google's session attributes name the browser of the visit.
-- The User-Agent header that came with the lead, at most 512 bytes; NULL: none came, or the row is older than this column.
ALTER TABLE leads ADD COLUMN user_agent TEXT;
