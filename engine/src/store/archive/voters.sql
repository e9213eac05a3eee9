WITH of_wave (doc) AS (SELECT turf_doc FROM round WHERE wave = :wave),
     about (voter) AS (SELECT voter FROM visit WHERE doc IN (SELECT doc FROM of_wave)
                       UNION SELECT voter FROM asked WHERE doc IN (SELECT doc FROM of_wave)
                       UNION SELECT voter FROM answer WHERE doc IN (SELECT doc FROM of_wave)
                       UNION SELECT voter FROM note WHERE doc IN (SELECT doc FROM of_wave)
                       UNION SELECT voter FROM flag WHERE doc IN (SELECT doc FROM of_wave))
SELECT v.id, v.door, v.first, v.last, v.age, v.party, v.phone, v.source_id
FROM about a
JOIN voter v ON v.id = a.voter
ORDER BY v.id
