-- Claims are settled with the answer, except where an entry breaks a law by it: a role that rises later makes it count.
DELETE FROM claim
WHERE device = ?1 AND doc NOT IN (SELECT doc FROM broken_law WHERE device = ?1)
