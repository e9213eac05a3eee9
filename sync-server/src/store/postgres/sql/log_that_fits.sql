SELECT count(*)
FROM (SELECT sum(octet_length(bytes)) OVER (ORDER BY n) AS upto FROM change WHERE doc = $1) AS log
WHERE log.upto <= $2
