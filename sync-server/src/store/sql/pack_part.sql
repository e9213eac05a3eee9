SELECT n_bytes, substr(bytes, :start + 1, :len)
FROM pack
WHERE hash = :hash
