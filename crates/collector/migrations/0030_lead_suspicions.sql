-- A lead that a robot sent is kept and shown, but never delivered.
-- Why it does not look like a person's, such as crawler or honeypot_filled; NULL: nothing speaks against a person.
ALTER TABLE leads ADD COLUMN suspicion TEXT;
