INSERT OR REPLACE INTO every_person (doc, id, door, first, last, phone, at, by_member, change_hash, retracted_at)
VALUES (:doc, :id, :door, :first, :last, :phone, :at, :by_member, :change_hash, :retracted_at)
