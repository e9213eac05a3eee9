SELECT id, doc, door, voter, at, result, change_hash FROM visit WHERE door = ?1 AND is_retracted = 0
