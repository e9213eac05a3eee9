INSERT INTO doc (id, campaign, kind, made_at)
SELECT id, campaign, kind, made_at
FROM unnest($1::bytea[], $2::bigint[], $3::text[], $4::bigint[]) WITH ORDINALITY AS born (id, campaign, kind, made_at, at)
WHERE NOT EXISTS (SELECT FROM forgotten WHERE forgotten.id = born.id)
ORDER BY at
ON CONFLICT (id) DO NOTHING
RETURNING id, campaign
