-- When a ClientKey signed last, to ten minutes.
ALTER TABLE client_keys ADD COLUMN last_used INTEGER;
