-- No REPLACE: it would take the old row away without the triggers that depend on it. An unchanged row is not written.
INSERT INTO turf_doc (doc, turf, name, pack, minutes) VALUES (:doc, :turf, :name, :pack, :minutes)
ON CONFLICT (doc) DO UPDATE SET turf = excluded.turf, name = excluded.name, pack = excluded.pack, minutes = excluded.minutes
WHERE (turf, name, pack, minutes) IS NOT (excluded.turf, excluded.name, excluded.pack, excluded.minutes)
