SELECT doc.id, handed_out.access
FROM handed_out
JOIN doc ON doc.key = handed_out.doc
WHERE handed_out.device = :device
ORDER BY doc.key
