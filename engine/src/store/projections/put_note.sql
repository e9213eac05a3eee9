-- No REPLACE: it would take the old row away without the triggers that depend on it. An unchanged row is not written.
INSERT INTO note (doc, id, door, voter, text, at, by_member, change_hash)
VALUES (:doc, :id, :door, :voter, :text, :at, :by_member, :change_hash)
ON CONFLICT (doc, id) DO UPDATE SET
    door = excluded.door, voter = excluded.voter, text = excluded.text, at = excluded.at,
    by_member = excluded.by_member, change_hash = excluded.change_hash
WHERE (door, voter, text, at, by_member, change_hash) IS NOT (
    excluded.door, excluded.voter, excluded.text, excluded.at, excluded.by_member, excluded.change_hash
)
