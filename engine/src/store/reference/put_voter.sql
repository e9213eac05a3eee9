INSERT INTO voter (id, door, first, last, age, party, phone, source_id)
VALUES (:id, :door, :first, :last, :age, :party, :phone, :source_id)
ON CONFLICT (id) DO UPDATE SET
    door = excluded.door, first = excluded.first, last = excluded.last, age = excluded.age, party = excluded.party,
    phone = excluded.phone, source_id = excluded.source_id
