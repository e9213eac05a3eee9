SELECT doc, voter, question
FROM asked
WHERE :wave IS NULL OR doc IN (SELECT turf_doc FROM round WHERE wave = :wave)
GROUP BY doc, voter, question
HAVING count(DISTINCT value) > 1
ORDER BY doc, voter, question
