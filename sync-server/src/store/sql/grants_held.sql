-- Grants for a role that does not see all turf: looked up by what the device holds, however many documents the campaign has;
-- `INDEXED BY` and `CROSS JOIN` keep SQLite from scanning the campaign's feed instead.
SELECT id, kind, NULL AS access, key
FROM doc INDEXED BY one_campaign_doc
WHERE campaign = :campaign AND kind = 'campaign'
UNION ALL
-- Of kinds that only a newer relay knows, all: the role may see them by itself.
SELECT id, kind, NULL AS access, key
FROM doc INDEXED BY doc_of_newer_kind
WHERE campaign = :campaign AND kind <> 'campaign' AND kind <> 'turf'
UNION ALL
SELECT doc.id, doc.kind, handed_out.access, doc.key
FROM handed_out
CROSS JOIN doc ON doc.key = handed_out.doc
WHERE handed_out.device = :device AND doc.campaign = :campaign AND doc.kind <> 'campaign'
ORDER BY key
