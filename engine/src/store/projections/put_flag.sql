-- No REPLACE: it would take the old row away without the triggers that depend on it. An unchanged row is not written.
INSERT INTO flag (doc, id, door, voter, flag, is_set, at, by_member, change_hash)
VALUES (:doc, :id, :door, :voter, :flag, :is_set, :at, :by_member, :change_hash)
ON CONFLICT (doc, id) DO UPDATE SET
    door = excluded.door, voter = excluded.voter, flag = excluded.flag, is_set = excluded.is_set, at = excluded.at,
    by_member = excluded.by_member, change_hash = excluded.change_hash
WHERE (door, voter, flag, is_set, at, by_member, change_hash) IS NOT (
    excluded.door, excluded.voter, excluded.flag, excluded.is_set, excluded.at, excluded.by_member, excluded.change_hash
)
