UPDATE handed_out
SET access = 'hand_in'
WHERE device = (SELECT key FROM device WHERE id = :device AND campaign = :campaign)
  AND doc = (SELECT key FROM doc WHERE id = :doc AND campaign = :campaign)
