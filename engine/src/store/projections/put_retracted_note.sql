INSERT OR REPLACE INTO retracted_note
    (doc, id, door, voter, text, at, by_member, change_hash, retracted_at, retracted_by, retraction_hash)
VALUES
    (:doc, :id, :door, :voter, :text, :at, :by_member, :change_hash, :retracted_at, :retracted_by, :retraction_hash)
