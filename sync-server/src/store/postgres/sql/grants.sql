SELECT doc.id, doc.kind, NULL AS access, doc.key
FROM doc
WHERE doc.campaign = $2 AND ($3 OR doc.kind = 'campaign')
UNION ALL
-- Of kinds that only a newer relay knows, all: the role may see them by itself.
SELECT doc.id, doc.kind, NULL AS access, doc.key
FROM doc
WHERE doc.campaign = $2 AND doc.kind <> 'campaign' AND doc.kind <> 'turf' AND NOT $3
UNION ALL
SELECT doc.id, doc.kind, handed_out.access, doc.key
FROM handed_out
JOIN doc ON doc.key = handed_out.doc
WHERE handed_out.device = $1 AND doc.campaign = $2 AND doc.kind <> 'campaign' AND NOT $3
ORDER BY key
