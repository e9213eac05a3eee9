-- No REPLACE: it would take the old row away without the triggers that depend on it. An unchanged row is not written.
INSERT INTO every_person (doc, id, door, first, last, phone, at, by_member, change_hash, retracted_at)
VALUES (:doc, :id, :door, :first, :last, :phone, :at, :by_member, :change_hash, :retracted_at)
ON CONFLICT (doc, id) DO UPDATE SET
    door = excluded.door, first = excluded.first, last = excluded.last, phone = excluded.phone, at = excluded.at,
    by_member = excluded.by_member, change_hash = excluded.change_hash, retracted_at = excluded.retracted_at
WHERE (door, first, last, phone, at, by_member, change_hash, retracted_at) IS NOT (
    excluded.door, excluded.first, excluded.last, excluded.phone, excluded.at,
    excluded.by_member, excluded.change_hash, excluded.retracted_at
)
