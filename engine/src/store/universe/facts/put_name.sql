INSERT INTO universe_name (n, home, voter, name, place, phone, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (n) DO UPDATE SET
    home = excluded.home, voter = excluded.voter, name = excluded.name, place = excluded.place, phone = excluded.phone, source = excluded.source
