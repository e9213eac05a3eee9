-- What documents and actors have cost since this: operations, as model::budget counts them. Nothing is known of what was stored before.
ALTER TABLE doc ADD COLUMN n_ops bigint NOT NULL DEFAULT 0;
ALTER TABLE actor ADD COLUMN n_ops bigint NOT NULL DEFAULT 0;
