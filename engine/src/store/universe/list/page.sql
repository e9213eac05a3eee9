SELECT s.n, s.voter, {key} AS key, f0.marks, f0.attempts, f0.tried_at,
       coalesce((SELECT w.word FROM universe_word w WHERE w.id = f0.result), '') AS result,
       coalesce((SELECT w.word FROM universe_word w WHERE w.id = f0.party), '') AS party,
       coalesce((SELECT w.word FROM universe_word w WHERE w.id = f0.precinct), '') AS precinct,
       coalesce((SELECT w.word FROM universe_word w WHERE w.id = f0.town), '') AS town,
       coalesce((SELECT w.word FROM universe_word w WHERE w.id = f0.turf), '') AS turf
FROM {from}
WHERE {filter} AND {after}
ORDER BY {key} {way}, s.n {way}
LIMIT {limit}
