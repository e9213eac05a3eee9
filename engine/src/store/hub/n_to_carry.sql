SELECT (SELECT count(*)
        FROM change c
        WHERE c.acked_at = 0 AND c.is_own = 0
          AND NOT EXISTS (SELECT 1 FROM heard h WHERE h.doc = c.doc AND h.hash = c.hash))
     + (SELECT count(*) FROM parcel)
