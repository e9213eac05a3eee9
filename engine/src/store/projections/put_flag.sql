INSERT OR REPLACE INTO flag (doc, id, door, voter, flag, is_set, at, by_member, change_hash)
VALUES (:doc, :id, :door, :voter, :flag, :is_set, :at, :by_member, :change_hash)
