INSERT INTO universe_voter (home, n, age, party, result, marks, attempts, tried_at, met_at, precinct, turf, town, zip, lon, lat)
VALUES (:home, :n, :age, :party, :result, :marks, :attempts, :tried_at, :met_at, :precinct, :turf, :town, :zip, :lon, :lat)
