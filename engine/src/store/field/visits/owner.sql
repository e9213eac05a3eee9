-- Visits are stored by document: looks in each.
SELECT v.doc, v.door, v.by_member, v.is_retracted
FROM turf_doc t
CROSS JOIN visit v ON v.doc = t.doc AND v.id = :visit
LIMIT 1
