-- How often it was checked that the store takes writes.
ALTER TABLE relay ADD COLUMN n_checks INTEGER NOT NULL DEFAULT 0;
