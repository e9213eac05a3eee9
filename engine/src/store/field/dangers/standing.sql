-- Dangers in force because of one document, or of any: for each subject the newest entry counts, in whichever document it is.
-- The reason is the note about the same subject in the flag's own change; from a phone of an older version, which wrote it right after, the
-- first one of the same member within ten minutes. An edited note is replaced by its new text; a retracted one is no reason.
WITH RECURSIVE newest AS (
    SELECT doc, id, door, voter, is_set, at, by_member, change_hash,
           row_number() OVER (PARTITION BY door, voter ORDER BY at DESC, id DESC) AS place
    FROM flag
    WHERE flag = 'danger'
),
standing AS (
    SELECT doc, id, door, voter, at, by_member, change_hash
    FROM newest
    WHERE place = 1 AND is_set = 1 AND (:doc IS NULL OR doc = :doc)
),
reason (doc, flag, note) AS (
    SELECT s.doc, s.id, coalesce(
        (SELECT n.id FROM every_note n
         WHERE n.doc = s.doc AND n.change_hash = s.change_hash AND n.door IS s.door AND n.voter IS s.voter
         ORDER BY n.id LIMIT 1),
        (SELECT n.id FROM every_note n
         WHERE n.doc = s.doc AND n.by_member = s.by_member AND n.at BETWEEN s.at AND s.at + 600000
             AND n.door IS s.door AND n.voter IS s.voter
         ORDER BY n.at, n.id LIMIT 1))
    FROM standing s
    UNION
    SELECT r.doc, r.flag, n.id
    FROM reason r
    JOIN every_note o ON o.doc = r.doc AND o.id = r.note AND o.is_retracted = 1
    JOIN every_note n ON n.doc = o.doc AND n.change_hash = o.retraction_hash AND n.by_member = o.by_member
        AND n.door IS o.door AND n.voter IS o.voter
)
SELECT s.doc, s.door, s.voter, s.at, s.by_member,
       coalesce((SELECT w.name FROM walker w WHERE w.doc = s.doc AND w.id = s.by_member),
                (SELECT m.name FROM member m WHERE m.id = s.by_member LIMIT 1), '') AS by_name,
       n.id AS note, coalesce(n.text, '') AS reason
FROM standing s
LEFT JOIN note n ON n.doc = s.doc
    AND n.id = (SELECT r.note FROM reason r
                JOIN note t ON t.doc = r.doc AND t.id = r.note
                WHERE r.doc = s.doc AND r.flag = s.id LIMIT 1)
