DELETE FROM pack
WHERE hash = ANY ($1) AND NOT EXISTS (SELECT FROM pack_doc WHERE pack_doc.hash = pack.hash)
