INSERT INTO goal (doc, id, measure, scope, first_day, last_day, target, is_removed)
VALUES (:doc, :id, :measure, :scope, :first_day, :last_day, :target, :is_removed)
ON CONFLICT (doc, id) DO UPDATE SET
    measure = excluded.measure, scope = excluded.scope, first_day = excluded.first_day, last_day = excluded.last_day,
    target = excluded.target, is_removed = excluded.is_removed
