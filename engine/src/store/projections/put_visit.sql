-- No REPLACE: it would take the old row away without the trigger that counts.
INSERT INTO visit
    (doc, id, door, voter, at, by_member, device, how, result, script, is_retracted, change_hash)
VALUES
    (:doc, :id, :door, :voter, :at, :by_member, :device, :how, :result, :script, :is_retracted, :change_hash)
ON CONFLICT (doc, id) DO UPDATE SET
    door = excluded.door, voter = excluded.voter, at = excluded.at, by_member = excluded.by_member, device = excluded.device,
    how = excluded.how, result = excluded.result, script = excluded.script, is_retracted = excluded.is_retracted,
    change_hash = excluded.change_hash
