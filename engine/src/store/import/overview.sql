SELECT
    (SELECT count(*) FROM voter) AS n_voters,
    (SELECT count(*) FROM door) AS n_doors,
    (SELECT count(*) FROM building) AS n_buildings,
    (SELECT count(*) FROM door WHERE lon IS NOT NULL) AS n_located,
    (SELECT count(*) FROM door WHERE lon IS NOT NULL AND is_guessed = 1) AS n_guessed,
    (SELECT count(*) FROM point) AS n_points,
    (SELECT count(*) FROM street) AS n_streets,
    (SELECT count(DISTINCT door) FROM turf_door) AS n_in_turf,
    (SELECT coalesce(sum(n_problems), 0) FROM import_file) AS n_problems
