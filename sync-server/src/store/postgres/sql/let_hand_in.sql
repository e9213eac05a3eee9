INSERT INTO handed_out (device, doc, access)
SELECT DISTINCT shown.device, shown.doc, 'hand_in'
FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS shown (device, doc, hash)
JOIN device ON device.key = shown.device
JOIN doc ON doc.key = shown.doc AND doc.campaign = device.campaign AND doc.kind = 'turf'
JOIN change ON change.doc = shown.doc AND change.hash = shown.hash
ORDER BY shown.doc, shown.device
ON CONFLICT (device, doc) DO NOTHING
RETURNING device, doc
