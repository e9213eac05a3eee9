DELETE FROM universe_name
WHERE n IN (SELECT n FROM universe_voter WHERE home = ?1) AND home = ?1
