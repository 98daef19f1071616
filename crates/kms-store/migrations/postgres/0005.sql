-- Documents of all accounts: whose instance that is, what is shared with whom.
CREATE INDEX documents_by_name ON documents (kind, name, account);
