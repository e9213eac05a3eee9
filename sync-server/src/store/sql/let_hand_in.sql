INSERT INTO handed_out (device, doc, access) VALUES (:device, :doc, 'hand_in')
ON CONFLICT (device, doc) DO NOTHING
