WITH of_wave (doc) AS (SELECT turf_doc FROM round WHERE wave = :wave),
     about (voter) AS (SELECT voter FROM visit WHERE doc IN (SELECT doc FROM of_wave)
                       UNION SELECT voter FROM asked WHERE doc IN (SELECT doc FROM of_wave)
                       UNION SELECT voter FROM answer WHERE doc IN (SELECT doc FROM of_wave)
                       UNION SELECT voter FROM every_note WHERE doc IN (SELECT doc FROM of_wave)
                       UNION SELECT voter FROM flag WHERE doc IN (SELECT doc FROM of_wave)),
     -- On the roll or off it.
     known AS (SELECT id, door, first, last, age, party, phone, source_id FROM voter
               UNION ALL SELECT id, door, first, last, age, party, phone, source_id FROM former)
SELECT v.id, v.door, v.first, v.last, v.age, v.party, v.phone, v.source_id
FROM about a
JOIN known v ON v.id = a.voter
ORDER BY v.id
