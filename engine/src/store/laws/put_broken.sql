INSERT OR REPLACE INTO broken_law (doc, map, entry, law, door, voter, at, by_member, device)
VALUES (:doc, :map, :entry, :law, :door, :voter, :at, :by_member, :device)
