SELECT a.question, a.value,
       EXISTS (SELECT 1 FROM conflict c WHERE c.doc = a.doc AND c.voter = a.voter AND c.question = a.question) AS is_disputed
FROM answer a
WHERE a.voter = ?1
ORDER BY a.question, (SELECT coalesce(max(r.wave), zeroblob(16)) FROM round r WHERE r.turf_doc = a.doc) DESC, a.doc DESC
