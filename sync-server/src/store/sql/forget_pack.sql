DELETE FROM pack
WHERE hash = :hash AND NOT EXISTS (SELECT 1 FROM pack_doc WHERE pack_doc.hash = :hash)
