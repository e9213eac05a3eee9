SELECT count(*) AS n_doors, coalesce(sum(n), 0) AS n_voters, coalesce(sum(n_with_phone), 0) AS n_with_phone
FROM (SELECT count(*) AS n, sum(f0.marks & 1) AS n_with_phone FROM universe_voter f0 WHERE {filter} GROUP BY f0.home)
