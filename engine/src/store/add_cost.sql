INSERT INTO doc_cost (doc, n_ops) VALUES (?1, ?2)
ON CONFLICT (doc) DO UPDATE SET n_ops = n_ops + excluded.n_ops
