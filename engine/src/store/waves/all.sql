SELECT k.id, coalesce(w.name, '') AS name, w.ended_at, u.at AS undone_at
FROM (SELECT id FROM wave UNION SELECT wave FROM round) k
LEFT JOIN wave w ON w.id = k.id
LEFT JOIN wave_undone u ON u.id = k.id
ORDER BY k.id
