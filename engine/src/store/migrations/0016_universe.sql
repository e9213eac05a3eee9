-- Who can be in a universe, one narrow row for each person, so that a filter over a million of them is one scan. The rows are a copy of what other
-- tables tell: triggers note the doors whose rows may be others now, and the next question computes those anew (store/universe/facts.rs).

-- `home` and `n` are 63 bits of the door's and the voter's id: a row of `search` has the same `n`. What is text elsewhere is the number of a
-- word here; 0 is the empty one.
CREATE TABLE universe_voter (
    home     INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    age      INTEGER NOT NULL, -- 0: not known
    party    INTEGER NOT NULL,
    result   INTEGER NOT NULL, -- of the last attempt; 0: there was none
    marks    INTEGER NOT NULL, -- bits: see the program
    attempts INTEGER NOT NULL,
    tried_at INTEGER NOT NULL, -- when the last attempt was; 0: never
    met_at   INTEGER NOT NULL, -- when somebody last talked to them; 0: never
    precinct INTEGER NOT NULL,
    turf     INTEGER NOT NULL, -- the turf's id as a word; 0: in none
    town     INTEGER NOT NULL,
    zip      INTEGER NOT NULL,
    lon      REAL,
    lat      REAL,
    PRIMARY KEY (home, n)
) STRICT, WITHOUT ROWID;

-- What lists are sorted by, and how people are found besides by name and address.
CREATE TABLE universe_name (
    n      INTEGER PRIMARY KEY,
    home   INTEGER NOT NULL,
    voter  BLOB NOT NULL,
    name   TEXT NOT NULL,
    place  TEXT NOT NULL,
    phone  TEXT NOT NULL, -- its digits from the last to the first
    source TEXT NOT NULL  -- the id in the file, in small letters
) STRICT;
CREATE INDEX universe_name_by_name ON universe_name (name, n);
CREATE INDEX universe_name_by_phone ON universe_name (phone) WHERE phone <> '';
CREATE INDEX universe_name_by_source ON universe_name (source) WHERE source <> '';

-- Answers that stand and are not disputed, of the newest wave in which a person has one to the question.
CREATE TABLE universe_answer (
    home     INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    question INTEGER NOT NULL,
    value    INTEGER NOT NULL,
    PRIMARY KEY (home, n, question)
) STRICT, WITHOUT ROWID;

CREATE TABLE universe_word (
    id   INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE
) STRICT;

-- Doors of which the rows above are to be computed anew.
CREATE TABLE universe_due (
    door BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO universe_due (door) SELECT id FROM door;

-- Visits to a person behind another door than theirs.
CREATE INDEX visit_by_voter ON visit (voter) WHERE voter IS NOT NULL;

-- Where people live: on the file, or added.
CREATE VIEW lives_at (voter, door) AS
SELECT id, door FROM voter
UNION ALL
SELECT id, door FROM every_person;

CREATE TRIGGER universe_voter_put AFTER INSERT ON voter BEGIN
    INSERT INTO universe_due (door) VALUES (NEW.door) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_voter_changed AFTER UPDATE ON voter BEGIN
    INSERT INTO universe_due (door) VALUES (OLD.door), (NEW.door) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_voter_gone AFTER DELETE ON voter BEGIN
    INSERT INTO universe_due (door) VALUES (OLD.door) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_person_put AFTER INSERT ON every_person BEGIN
    INSERT INTO universe_due (door) VALUES (NEW.door) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_person_changed AFTER UPDATE ON every_person BEGIN
    INSERT INTO universe_due (door) VALUES (OLD.door), (NEW.door) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_person_gone AFTER DELETE ON every_person BEGIN
    INSERT INTO universe_due (door) VALUES (OLD.door) ON CONFLICT DO NOTHING;
END;
-- Somebody added who was taken back stays listed while a note about them stands.
CREATE TRIGGER universe_note_put AFTER INSERT ON note WHEN NEW.voter IS NOT NULL BEGIN
    INSERT INTO universe_due (door) SELECT door FROM every_person WHERE id = NEW.voter ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_note_changed AFTER UPDATE ON note BEGIN
    INSERT INTO universe_due (door) SELECT door FROM every_person WHERE id IN (OLD.voter, NEW.voter) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_note_gone AFTER DELETE ON note WHEN OLD.voter IS NOT NULL BEGIN
    INSERT INTO universe_due (door) SELECT door FROM every_person WHERE id = OLD.voter ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER universe_door_changed AFTER UPDATE ON door
WHEN OLD.precinct <> NEW.precinct OR OLD.city <> NEW.city OR OLD.zip <> NEW.zip OR OLD.lon IS NOT NEW.lon OR OLD.lat IS NOT NEW.lat
    OR OLD.street <> NEW.street OR OLD.number <> NEW.number OR OLD.unit <> NEW.unit
BEGIN
    INSERT INTO universe_due (door) VALUES (NEW.id) ON CONFLICT DO NOTHING;
END;
-- On a device that never asked there is nothing to compute anew.
CREATE TRIGGER universe_door_gone AFTER DELETE ON door WHEN NOT EXISTS (SELECT 1 FROM universe_voter) BEGIN
    DELETE FROM universe_due WHERE door = OLD.id;
END;
CREATE TRIGGER universe_turf_put AFTER INSERT ON turf_door BEGIN
    INSERT INTO universe_due (door) VALUES (NEW.door) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_turf_changed AFTER UPDATE ON turf_door BEGIN
    INSERT INTO universe_due (door) VALUES (OLD.door), (NEW.door) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_turf_gone AFTER DELETE ON turf_door BEGIN
    INSERT INTO universe_due (door) VALUES (OLD.door) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER universe_visit_put AFTER INSERT ON visit BEGIN
    INSERT INTO universe_due (door) VALUES (NEW.door) ON CONFLICT DO NOTHING;
    INSERT INTO universe_due (door) SELECT door FROM lives_at WHERE voter = NEW.voter ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_visit_changed AFTER UPDATE ON visit BEGIN
    INSERT INTO universe_due (door) VALUES (OLD.door), (NEW.door) ON CONFLICT DO NOTHING;
    INSERT INTO universe_due (door) SELECT door FROM lives_at WHERE voter IN (OLD.voter, NEW.voter) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_visit_gone AFTER DELETE ON visit BEGIN
    INSERT INTO universe_due (door) VALUES (OLD.door) ON CONFLICT DO NOTHING;
    INSERT INTO universe_due (door) SELECT door FROM lives_at WHERE voter = OLD.voter ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_flag_put AFTER INSERT ON flag BEGIN
    INSERT INTO universe_due (door) SELECT NEW.door WHERE NEW.door IS NOT NULL ON CONFLICT DO NOTHING;
    INSERT INTO universe_due (door) SELECT door FROM lives_at WHERE voter = NEW.voter ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_flag_changed AFTER UPDATE ON flag BEGIN
    INSERT INTO universe_due (door) SELECT OLD.door WHERE OLD.door IS NOT NULL ON CONFLICT DO NOTHING;
    INSERT INTO universe_due (door) SELECT NEW.door WHERE NEW.door IS NOT NULL ON CONFLICT DO NOTHING;
    INSERT INTO universe_due (door) SELECT door FROM lives_at WHERE voter IN (OLD.voter, NEW.voter) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_flag_gone AFTER DELETE ON flag BEGIN
    INSERT INTO universe_due (door) SELECT OLD.door WHERE OLD.door IS NOT NULL ON CONFLICT DO NOTHING;
    INSERT INTO universe_due (door) SELECT door FROM lives_at WHERE voter = OLD.voter ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_answer_put AFTER INSERT ON answer BEGIN
    INSERT INTO universe_due (door) SELECT door FROM lives_at WHERE voter = NEW.voter ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_answer_changed AFTER UPDATE ON answer BEGIN
    INSERT INTO universe_due (door) SELECT door FROM lives_at WHERE voter IN (OLD.voter, NEW.voter) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_answer_gone AFTER DELETE ON answer BEGIN
    INSERT INTO universe_due (door) SELECT door FROM lives_at WHERE voter = OLD.voter ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_conflict_put AFTER INSERT ON conflict BEGIN
    INSERT INTO universe_due (door) SELECT door FROM lives_at WHERE voter = NEW.voter ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_conflict_changed AFTER UPDATE ON conflict BEGIN
    INSERT INTO universe_due (door) SELECT door FROM lives_at WHERE voter IN (OLD.voter, NEW.voter) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_conflict_gone AFTER DELETE ON conflict BEGIN
    INSERT INTO universe_due (door) SELECT door FROM lives_at WHERE voter = OLD.voter ON CONFLICT DO NOTHING;
END;

-- Which of several answers is of the newest wave.
CREATE TRIGGER universe_round_put AFTER INSERT ON round BEGIN
    INSERT INTO universe_due (door)
    SELECT l.door FROM answer a JOIN lives_at l ON l.voter = a.voter WHERE a.doc = NEW.turf_doc ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_round_changed AFTER UPDATE ON round BEGIN
    INSERT INTO universe_due (door)
    SELECT l.door FROM answer a JOIN lives_at l ON l.voter = a.voter WHERE a.doc IN (OLD.turf_doc, NEW.turf_doc) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER universe_round_gone AFTER DELETE ON round BEGIN
    INSERT INTO universe_due (door)
    SELECT l.door FROM answer a JOIN lives_at l ON l.voter = a.voter WHERE a.doc = OLD.turf_doc ON CONFLICT DO NOTHING;
END;
