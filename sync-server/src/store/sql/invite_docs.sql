SELECT doc.id
FROM invite_doc
JOIN doc ON doc.key = invite_doc.doc
WHERE invite_doc.invite = :invite
ORDER BY doc.key
