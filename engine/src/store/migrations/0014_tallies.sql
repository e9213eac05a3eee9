-- Visits that were not taken back, counted by document, hour (since 1970, UTC) and result. Triggers keep the numbers, so that a rebuild of the
-- visits gives the same ones, and a chart of all days reads some rows for each turf in place of every visit.
CREATE TABLE visit_hour (
    doc    BLOB NOT NULL,
    hour   INTEGER NOT NULL,
    result TEXT NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (doc, hour, result)
) STRICT, WITHOUT ROWID;
INSERT INTO visit_hour (doc, hour, result, n)
SELECT doc, at / 3600000, result, count(*) FROM visit WHERE is_retracted = 0 GROUP BY 1, 2, 3;
CREATE TRIGGER visit_counted AFTER INSERT ON visit WHEN NEW.is_retracted = 0 BEGIN
    INSERT INTO visit_hour (doc, hour, result, n) VALUES (NEW.doc, NEW.at / 3600000, NEW.result, 1)
    ON CONFLICT (doc, hour, result) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER visit_uncounted AFTER DELETE ON visit WHEN OLD.is_retracted = 0 BEGIN
    UPDATE visit_hour SET n = n - 1 WHERE doc = OLD.doc AND hour = OLD.at / 3600000 AND result = OLD.result;
    DELETE FROM visit_hour WHERE doc = OLD.doc AND hour = OLD.at / 3600000 AND result = OLD.result AND n = 0;
END;
CREATE TRIGGER visit_counted_anew AFTER UPDATE OF doc, at, result, is_retracted ON visit BEGIN
    UPDATE visit_hour SET n = n - 1
    WHERE OLD.is_retracted = 0 AND doc = OLD.doc AND hour = OLD.at / 3600000 AND result = OLD.result;
    DELETE FROM visit_hour WHERE doc = OLD.doc AND hour = OLD.at / 3600000 AND result = OLD.result AND n = 0;
    INSERT INTO visit_hour (doc, hour, result, n)
    SELECT NEW.doc, NEW.at / 3600000, NEW.result, 1 WHERE NEW.is_retracted = 0
    ON CONFLICT (doc, hour, result) DO UPDATE SET n = n + 1;
END;
