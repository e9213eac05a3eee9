WITH of_wave (doc) AS (SELECT turf_doc FROM round WHERE wave = :wave),
     about (voter) AS (SELECT voter FROM every_note WHERE doc IN (SELECT doc FROM of_wave)
                       UNION SELECT voter FROM flag WHERE doc IN (SELECT doc FROM of_wave))
SELECT door FROM visit WHERE doc IN (SELECT doc FROM of_wave)
UNION SELECT door FROM every_note WHERE doc IN (SELECT doc FROM of_wave) AND door IS NOT NULL
UNION SELECT door FROM flag WHERE doc IN (SELECT doc FROM of_wave) AND door IS NOT NULL
UNION SELECT door FROM person WHERE doc IN (SELECT doc FROM of_wave)
UNION SELECT v.door FROM about a JOIN voter v ON v.id = a.voter
UNION SELECT v.door FROM about a JOIN former v ON v.id = a.voter
