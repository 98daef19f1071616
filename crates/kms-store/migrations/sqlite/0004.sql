-- What PostgreSQL lists changes in has no counterpart here: the one server of a file knows what
-- it has changed.

-- Secrets by what lists ask for.
CREATE INDEX secrets_by_type ON secrets (account, secret_type, name, planned_delete);
CREATE INDEX secrets_going ON secrets (account, planned_delete) WHERE planned_delete IS NOT NULL;
CREATE INDEX tags_by_value ON tags (value, secret);
