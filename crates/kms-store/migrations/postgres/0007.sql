-- Certificate authorities that all servers of the store share.
CREATE TABLE authorities (
    name TEXT COLLATE "C" PRIMARY KEY,
    certificate TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    created BIGINT NOT NULL
);
