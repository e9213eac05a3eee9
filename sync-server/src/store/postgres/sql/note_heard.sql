UPDATE device
SET last_heard = heard.at
FROM (SELECT id, max(at) AS at FROM unnest($1::bytea[], $2::bigint[]) AS told (id, at) GROUP BY id) AS heard
WHERE device.id = heard.id AND coalesce(device.last_heard, 0) < heard.at
