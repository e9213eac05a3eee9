-- One act is one change, whatever it wrote: a visit with a note counts once.
WITH act (hash) AS (
    SELECT change_hash FROM visit WHERE doc = :doc
    UNION SELECT change_hash FROM note WHERE doc = :doc
    UNION SELECT change_hash FROM flag WHERE doc = :doc
    UNION SELECT change_hash FROM person WHERE doc = :doc
)
SELECT count(*) AS n_acts, coalesce(sum(c.acked_at > 0), 0) AS n_safe,
       coalesce(sum(c.acked_at > 0 AND c.n BETWEEN 1 AND d.seen), 0) AS n_seen
FROM act
JOIN change c ON c.doc = :doc AND c.hash = act.hash
JOIN doc d ON d.id = c.doc
WHERE c.is_own = 1
