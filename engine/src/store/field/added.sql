SELECT p.id, p.doc, p.door, p.first, p.last, p.at, p.by_member, p.retracted_at,
       EXISTS (SELECT 1 FROM visit v WHERE v.door = p.door AND v.voter = p.id AND v.is_retracted = 0)
           OR EXISTS (SELECT 1 FROM note n WHERE n.voter = p.id)
           OR EXISTS (SELECT 1 FROM flag f WHERE f.voter = p.id) AS has_record
FROM every_person p
