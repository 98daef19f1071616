-- Transactions that changed something, and where: a bit for each area, identity 1, secrets 2,
-- keys 4. By this a server learns whether what it remembers is still so. A row each, for one
-- row that all of them change would make them wait for each other.
CREATE TABLE changes (
    xid XID8 PRIMARY KEY,
    areas BIGINT NOT NULL
);

-- Those before this one are not listed any more: whoever has to know of them must take
-- everything for changed.
CREATE TABLE changes_pruned (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    before XID8 NOT NULL
);

INSERT INTO changes_pruned VALUES (1, '0');

-- Secrets by what lists ask for.
CREATE INDEX secrets_by_type ON secrets (account, secret_type, name, planned_delete);
CREATE INDEX secrets_going ON secrets (account, planned_delete) WHERE planned_delete IS NOT NULL;
CREATE INDEX tags_by_value ON tags (value, secret);
