DELETE FROM pack
WHERE NOT EXISTS (SELECT 1 FROM pack_doc WHERE pack_doc.hash = pack.hash)
  AND NOT EXISTS (SELECT 1 FROM turf_doc WHERE turf_doc.pack = pack.hash)
  AND NOT (:keeps_listed AND EXISTS (SELECT 1 FROM turf WHERE instr(turf.entry, lower(hex(pack.hash))) > 0))
