INSERT INTO universe_answer (home, n, question, value) VALUES (?1, ?2, ?3, ?4)
