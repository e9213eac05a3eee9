WITH act (hash) AS (
    SELECT change_hash FROM visit WHERE doc = :doc
    UNION SELECT change_hash FROM every_note WHERE doc = :doc
    UNION SELECT change_hash FROM flag WHERE doc = :doc
    UNION SELECT change_hash FROM every_person WHERE doc = :doc
)
SELECT count(*)
FROM act
JOIN change c ON c.doc = :doc AND c.hash = act.hash
WHERE c.acked_at = 0 AND c.hash NOT IN (SELECT hash FROM heard WHERE doc = :doc)
