INSERT INTO author (device, member, role) VALUES (?1, ?2, ?3)
ON CONFLICT (device) DO UPDATE SET member = excluded.member, role = excluded.role
