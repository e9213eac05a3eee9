-- Locked, so that none of them is deleted before it is granted.
SELECT doc.key
FROM invite_doc
JOIN doc ON doc.key = invite_doc.doc
WHERE invite_doc.invite = $1
ORDER BY doc.key
FOR KEY SHARE OF doc
