-- An unchanged row is not written, and costs no fsync.
INSERT INTO doc (id, kind, access, is_born, epoch, cursor, relay_last, seen, told, heads, trouble)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (id) DO UPDATE SET
    kind = excluded.kind, access = excluded.access, is_born = excluded.is_born, epoch = excluded.epoch,
    cursor = excluded.cursor, relay_last = excluded.relay_last, seen = excluded.seen, told = excluded.told,
    heads = excluded.heads, trouble = excluded.trouble
WHERE (kind, access, is_born, epoch, cursor, relay_last, seen, told, heads, trouble) IS NOT (
    excluded.kind, excluded.access, excluded.is_born, excluded.epoch,
    excluded.cursor, excluded.relay_last, excluded.seen, excluded.told,
    excluded.heads, excluded.trouble
)
