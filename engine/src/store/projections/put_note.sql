INSERT OR REPLACE INTO note (doc, id, door, voter, text, at, by_member, change_hash)
VALUES (:doc, :id, :door, :voter, :text, :at, :by_member, :change_hash)
