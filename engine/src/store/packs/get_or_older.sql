SELECT bytes
FROM pack
WHERE hash = :hash OR hash IN (SELECT pack_doc.hash FROM pack_doc WHERE pack_doc.doc = :doc)
ORDER BY hash = :hash DESC
LIMIT 1
