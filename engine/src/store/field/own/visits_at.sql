SELECT v.id, v.door, v.voter, v.at, v.how, v.result, v.script, v.is_retracted, r.at AS retracted_at
FROM visit v
LEFT JOIN retraction r ON r.doc = v.doc AND r.visit = v.id
WHERE v.door = :door AND v.doc = :doc AND v.device = :device AND v.at >= :since AND v.is_retracted = 0
ORDER BY v.at DESC, v.id
