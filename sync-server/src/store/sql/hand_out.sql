INSERT INTO handed_out (device, doc, access)
SELECT :device, invite_doc.doc, 'write' FROM invite_doc WHERE invite_doc.invite = :invite
ON CONFLICT (device, doc) DO UPDATE SET access = 'write'
