INSERT INTO doc (id, kind, access, is_born, epoch, cursor, relay_last, trouble)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (id) DO UPDATE SET
    kind = excluded.kind, access = excluded.access, is_born = excluded.is_born, epoch = excluded.epoch,
    cursor = excluded.cursor, relay_last = excluded.relay_last, trouble = excluded.trouble
