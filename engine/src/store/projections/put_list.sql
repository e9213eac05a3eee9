INSERT INTO saved_list (doc, id, name, version, filter, frozen, is_removed)
VALUES (:doc, :id, :name, :version, :filter, :frozen, :is_removed)
ON CONFLICT (doc, id) DO UPDATE SET
    name = excluded.name, version = excluded.version, filter = excluded.filter, frozen = excluded.frozen,
    is_removed = excluded.is_removed
