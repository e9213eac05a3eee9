-- Without those that were carried from the document of an earlier wave which is still here: documents are in the order of their creation.
FROM (SELECT * FROM every_note n
      WHERE NOT EXISTS (SELECT 1 FROM note o
                        WHERE (o.door = n.door OR o.voter = n.voter) AND o.door IS n.door AND o.voter IS n.voter
                              AND o.text = n.text AND o.at = n.at AND o.by_member = n.by_member AND o.doc < n.doc)) x
