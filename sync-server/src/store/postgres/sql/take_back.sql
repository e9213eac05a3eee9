UPDATE handed_out
SET access = 'hand_in'
WHERE device = (SELECT key FROM device WHERE id = $1 AND campaign = $3)
  AND doc = (SELECT key FROM doc WHERE id = $2 AND campaign = $3)
