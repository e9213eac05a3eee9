INSERT INTO handed_out (device, doc, access)
SELECT $1, invite_doc.doc, 'write' FROM invite_doc WHERE invite_doc.invite = $2 ORDER BY invite_doc.doc
ON CONFLICT (device, doc) DO UPDATE SET access = 'write'
