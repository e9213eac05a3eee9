-- The reason that a member wrote for a danger that they lifted themselves, where that is the newest entry: lifting it retracted the note.
SELECT n.text
FROM (SELECT doc, door, voter, is_set, by_member, change_hash
      FROM flag
      WHERE flag = 'danger' AND door IS :door AND voter IS :voter
      ORDER BY at DESC, id DESC
      LIMIT 1) f
JOIN every_note n ON n.doc = f.doc AND n.is_retracted = 1 AND n.retraction_hash = f.change_hash
    AND n.door IS f.door AND n.voter IS f.voter AND n.by_member = f.by_member
WHERE f.is_set = 0 AND f.by_member = :member
LIMIT 1
