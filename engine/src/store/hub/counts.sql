SELECT count(*), coalesce(sum(EXISTS (SELECT 1 FROM at_hub a WHERE a.doc = c.doc AND a.hash = c.hash)), 0)
FROM change c
WHERE c.acked_at = 0 AND NOT EXISTS (SELECT 1 FROM heard h WHERE h.doc = c.doc AND h.hash = c.hash)
