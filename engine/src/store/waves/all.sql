SELECT k.id, coalesce(w.name, '') AS name, w.ended_at
FROM (SELECT id FROM wave UNION SELECT wave FROM round) k
LEFT JOIN wave w ON w.id = k.id
ORDER BY k.id
