-- How many keys and secrets of all accounts an instance has.
CREATE INDEX keys_by_instance ON keys (instance_id);
CREATE INDEX secrets_by_instance ON secrets (instance_id);
