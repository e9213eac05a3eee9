SELECT id, doc, door, voter, at, result, change_hash FROM visit WHERE voter = ?1 AND door <> ?2 AND is_retracted = 0
