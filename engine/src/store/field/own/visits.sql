SELECT v.id, v.door, v.voter, v.at, v.how, v.result, v.script, v.is_retracted, r.at AS retracted_at
FROM visit v
LEFT JOIN retraction r ON r.doc = v.doc AND r.visit = v.id
WHERE v.doc = :doc AND v.by_member = :member
ORDER BY v.at DESC, v.id
