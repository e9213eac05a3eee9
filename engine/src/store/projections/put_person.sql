INSERT OR REPLACE INTO person (doc, id, door, first, last, phone, at, by_member, change_hash)
VALUES (:doc, :id, :door, :first, :last, :phone, :at, :by_member, :change_hash)
