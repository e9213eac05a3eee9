-- Without those that were carried from the document of an earlier wave which is still here: documents are in the order of their creation.
FROM (SELECT * FROM flag n
      WHERE NOT EXISTS (SELECT 1 FROM flag o
                        WHERE (o.door = n.door OR o.voter = n.voter) AND o.door IS n.door AND o.voter IS n.voter
                              AND o.flag = n.flag AND o.is_set = n.is_set AND o.at = n.at AND o.by_member = n.by_member AND o.doc < n.doc)) x
