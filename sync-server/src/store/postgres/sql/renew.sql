UPDATE device
SET lease_until = greatest(device.lease_until, renewed.until), last_heard = renewed.heard
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS renewed (key, until, heard)
WHERE device.key = renewed.key
