SELECT doc.id
FROM handed_out
JOIN doc ON doc.key = handed_out.doc
WHERE handed_out.device = :device AND handed_out.access = 'write'
ORDER BY doc.key
