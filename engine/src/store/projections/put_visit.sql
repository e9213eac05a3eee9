INSERT OR REPLACE INTO visit
    (doc, id, door, voter, at, by_member, device, how, result, script, is_retracted, change_hash)
VALUES
    (:doc, :id, :door, :voter, :at, :by_member, :device, :how, :result, :script, :is_retracted, :change_hash)
