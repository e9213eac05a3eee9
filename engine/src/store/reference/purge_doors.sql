DELETE FROM left_door WHERE door NOT IN (SELECT door FROM turf_door);
DELETE FROM door WHERE id NOT IN (SELECT door FROM turf_door);
DELETE FROM building WHERE id NOT IN (SELECT building FROM door WHERE building IS NOT NULL);
