-- The webhooks by which CRMs and payment providers tell outcomes.
CREATE TABLE webhooks (
    source TEXT NOT NULL, -- the id in v1/webhooks/{source}
    site TEXT NOT NULL, -- sites.site
    settings TEXT NOT NULL CHECK (json_valid(settings)), -- JSON: provider, mapping, and the names of the secrets; never a secret
    PRIMARY KEY (source)
) STRICT, WITHOUT ROWID;
