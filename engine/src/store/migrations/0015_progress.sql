-- How far a turf has come in a document, as it was last computed. The row is a copy of what other tables tell: it may be missing at any time, and
-- is computed anew then. Triggers remove the rows for which the answer may be another one (store/progress.rs lists what depends on what).
CREATE TABLE turf_progress (
    doc   BLOB NOT NULL,
    turf  BLOB NOT NULL,
    basis BLOB NOT NULL, -- by which rules it was computed: a row of other rules is not read
    body  TEXT NOT NULL, -- office::progress::Progress as JSON; null where the doors are not here
    PRIMARY KEY (doc, turf)
) STRICT, WITHOUT ROWID;
CREATE INDEX turf_progress_by_turf ON turf_progress (turf);

-- The turf at whose doors a voter is listed: on the file, or added there in whichever wave.
CREATE VIEW listed_in (voter, turf) AS
SELECT v.id, d.turf FROM voter v JOIN turf_door d ON d.door = v.door
UNION ALL
SELECT p.id, t.turf FROM every_person p JOIN turf_doc t ON t.doc = p.doc;

-- The documents of the same turf in later waves: who moved or died according to `doc` counts there.
CREATE VIEW later_doc (doc, later) AS
SELECT e.turf_doc, l.turf_doc
FROM round e
JOIN round l ON l.turf = e.turf
WHERE (SELECT max(m.wave) FROM round m WHERE m.turf_doc = l.turf_doc) > e.wave;

-- Visits: of the document, of later ones, and of the turf where somebody added was taken back, who stays listed while a visit stands.
CREATE TRIGGER progress_visit_put AFTER INSERT ON visit BEGIN
    DELETE FROM turf_progress WHERE doc = NEW.doc;
    DELETE FROM turf_progress WHERE doc IN (SELECT later FROM later_doc WHERE doc = NEW.doc);
    DELETE FROM turf_progress WHERE turf IN (
        SELECT t.turf FROM every_person p JOIN turf_doc t ON t.doc = p.doc WHERE p.id = NEW.voter AND p.retracted_at IS NOT NULL);
END;
CREATE TRIGGER progress_visit_changed AFTER UPDATE ON visit BEGIN
    DELETE FROM turf_progress WHERE doc IN (OLD.doc, NEW.doc);
    DELETE FROM turf_progress WHERE doc IN (SELECT later FROM later_doc WHERE doc IN (OLD.doc, NEW.doc));
    DELETE FROM turf_progress WHERE turf IN (
        SELECT t.turf FROM every_person p JOIN turf_doc t ON t.doc = p.doc
        WHERE p.id IN (OLD.voter, NEW.voter) AND p.retracted_at IS NOT NULL);
END;
CREATE TRIGGER progress_visit_gone AFTER DELETE ON visit BEGIN
    DELETE FROM turf_progress WHERE doc = OLD.doc;
    DELETE FROM turf_progress WHERE doc IN (SELECT later FROM later_doc WHERE doc = OLD.doc);
    DELETE FROM turf_progress WHERE turf IN (
        SELECT t.turf FROM every_person p JOIN turf_doc t ON t.doc = p.doc WHERE p.id = OLD.voter AND p.retracted_at IS NOT NULL);
END;

-- Answers, and the visits at which they were given: of the document alone.
CREATE TRIGGER progress_answer_put AFTER INSERT ON answer BEGIN
    DELETE FROM turf_progress WHERE doc = NEW.doc;
END;
CREATE TRIGGER progress_answer_changed AFTER UPDATE ON answer BEGIN
    DELETE FROM turf_progress WHERE doc IN (OLD.doc, NEW.doc);
END;
CREATE TRIGGER progress_answer_gone AFTER DELETE ON answer BEGIN
    DELETE FROM turf_progress WHERE doc = OLD.doc;
END;
CREATE TRIGGER progress_conflict_put AFTER INSERT ON conflict BEGIN
    DELETE FROM turf_progress WHERE doc = NEW.doc;
END;
CREATE TRIGGER progress_conflict_changed AFTER UPDATE ON conflict BEGIN
    DELETE FROM turf_progress WHERE doc IN (OLD.doc, NEW.doc);
END;
CREATE TRIGGER progress_conflict_gone AFTER DELETE ON conflict BEGIN
    DELETE FROM turf_progress WHERE doc = OLD.doc;
END;
CREATE TRIGGER progress_asked_put AFTER INSERT ON asked BEGIN
    DELETE FROM turf_progress WHERE doc = NEW.doc;
END;
CREATE TRIGGER progress_asked_changed AFTER UPDATE ON asked BEGIN
    DELETE FROM turf_progress WHERE doc IN (OLD.doc, NEW.doc);
END;
CREATE TRIGGER progress_asked_gone AFTER DELETE ON asked BEGIN
    DELETE FROM turf_progress WHERE doc = OLD.doc;
END;

-- Flags stand across turf: where the door is, and where the voter is listed. Marks of who moved or died count in the document and in later ones.
CREATE TRIGGER progress_flag_put AFTER INSERT ON flag BEGIN
    DELETE FROM turf_progress WHERE doc = NEW.doc;
    DELETE FROM turf_progress WHERE doc IN (SELECT later FROM later_doc WHERE doc = NEW.doc);
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM turf_door WHERE door = NEW.door);
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM listed_in WHERE voter = NEW.voter);
END;
CREATE TRIGGER progress_flag_changed AFTER UPDATE ON flag BEGIN
    DELETE FROM turf_progress WHERE doc IN (OLD.doc, NEW.doc);
    DELETE FROM turf_progress WHERE doc IN (SELECT later FROM later_doc WHERE doc IN (OLD.doc, NEW.doc));
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM turf_door WHERE door IN (OLD.door, NEW.door));
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM listed_in WHERE voter IN (OLD.voter, NEW.voter));
END;
CREATE TRIGGER progress_flag_gone AFTER DELETE ON flag BEGIN
    DELETE FROM turf_progress WHERE doc = OLD.doc;
    DELETE FROM turf_progress WHERE doc IN (SELECT later FROM later_doc WHERE doc = OLD.doc);
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM turf_door WHERE door = OLD.door);
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM listed_in WHERE voter = OLD.voter);
END;

-- Notes count only in that somebody added who was taken back stays listed while a note about them stands.
CREATE TRIGGER progress_note_put AFTER INSERT ON note BEGIN
    DELETE FROM turf_progress WHERE turf IN (
        SELECT t.turf FROM every_person p JOIN turf_doc t ON t.doc = p.doc WHERE p.id = NEW.voter AND p.retracted_at IS NOT NULL);
END;
CREATE TRIGGER progress_note_changed AFTER UPDATE ON note BEGIN
    DELETE FROM turf_progress WHERE turf IN (
        SELECT t.turf FROM every_person p JOIN turf_doc t ON t.doc = p.doc
        WHERE p.id IN (OLD.voter, NEW.voter) AND p.retracted_at IS NOT NULL);
END;
CREATE TRIGGER progress_note_gone AFTER DELETE ON note BEGIN
    DELETE FROM turf_progress WHERE turf IN (
        SELECT t.turf FROM every_person p JOIN turf_doc t ON t.doc = p.doc WHERE p.id = OLD.voter AND p.retracted_at IS NOT NULL);
END;

-- People added are listed in all documents of the turf.
CREATE TRIGGER progress_person_put AFTER INSERT ON every_person BEGIN
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM turf_doc WHERE doc = NEW.doc);
END;
CREATE TRIGGER progress_person_changed AFTER UPDATE ON every_person BEGIN
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM turf_doc WHERE doc IN (OLD.doc, NEW.doc));
END;
CREATE TRIGGER progress_person_gone AFTER DELETE ON every_person BEGIN
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM turf_doc WHERE doc = OLD.doc);
END;

-- Voters of the file: of the turf that has their door.
CREATE TRIGGER progress_voter_put AFTER INSERT ON voter BEGIN
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM turf_door WHERE door = NEW.door);
END;
CREATE TRIGGER progress_voter_moved AFTER UPDATE ON voter WHEN OLD.door <> NEW.door OR OLD.id <> NEW.id BEGIN
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM turf_door WHERE door IN (OLD.door, NEW.door));
END;
CREATE TRIGGER progress_voter_gone AFTER DELETE ON voter BEGIN
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM turf_door WHERE door = OLD.door);
END;

-- Which doors a turf has.
CREATE TRIGGER progress_door_put AFTER INSERT ON turf_door BEGIN
    DELETE FROM turf_progress WHERE turf = NEW.turf;
END;
CREATE TRIGGER progress_door_changed AFTER UPDATE ON turf_door BEGIN
    DELETE FROM turf_progress WHERE turf IN (OLD.turf, NEW.turf);
END;
CREATE TRIGGER progress_door_gone AFTER DELETE ON turf_door BEGIN
    DELETE FROM turf_progress WHERE turf = OLD.turf;
END;

-- Which documents of a turf are here.
CREATE TRIGGER progress_doc_put AFTER INSERT ON doc BEGIN
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM turf_doc WHERE doc = NEW.id);
END;
CREATE TRIGGER progress_doc_gone AFTER DELETE ON doc BEGIN
    DELETE FROM turf_progress WHERE doc = OLD.id;
    DELETE FROM turf_progress WHERE turf IN (SELECT turf FROM turf_doc WHERE doc = OLD.id);
END;
CREATE TRIGGER progress_turf_doc_put AFTER INSERT ON turf_doc BEGIN
    DELETE FROM turf_progress WHERE turf = NEW.turf;
END;
CREATE TRIGGER progress_turf_doc_changed AFTER UPDATE ON turf_doc WHEN OLD.turf <> NEW.turf OR OLD.doc <> NEW.doc BEGIN
    DELETE FROM turf_progress WHERE turf IN (OLD.turf, NEW.turf);
END;
CREATE TRIGGER progress_turf_doc_gone AFTER DELETE ON turf_doc BEGIN
    DELETE FROM turf_progress WHERE turf = OLD.turf;
END;

-- Which document a turf has in each wave, and so which are earlier.
CREATE TRIGGER progress_round_put AFTER INSERT ON round BEGIN
    DELETE FROM turf_progress WHERE turf = NEW.turf OR doc = NEW.turf_doc;
END;
CREATE TRIGGER progress_round_changed AFTER UPDATE ON round BEGIN
    DELETE FROM turf_progress WHERE turf IN (OLD.turf, NEW.turf) OR doc IN (OLD.turf_doc, NEW.turf_doc);
END;
CREATE TRIGGER progress_round_gone AFTER DELETE ON round BEGIN
    DELETE FROM turf_progress WHERE turf = OLD.turf OR doc = OLD.turf_doc;
END;

-- Which answers count as support depends on every version of the script and on the one in force: for all turf.
CREATE TRIGGER progress_script_put AFTER INSERT ON script BEGIN
    DELETE FROM turf_progress;
END;
CREATE TRIGGER progress_script_changed AFTER UPDATE ON script BEGIN
    DELETE FROM turf_progress;
END;
CREATE TRIGGER progress_script_gone AFTER DELETE ON script BEGIN
    DELETE FROM turf_progress;
END;
CREATE TRIGGER progress_campaign_put AFTER INSERT ON campaign BEGIN
    DELETE FROM turf_progress;
END;
CREATE TRIGGER progress_campaign_changed AFTER UPDATE ON campaign WHEN OLD.script <> NEW.script OR OLD.doc <> NEW.doc BEGIN
    DELETE FROM turf_progress;
END;
CREATE TRIGGER progress_campaign_gone AFTER DELETE ON campaign BEGIN
    DELETE FROM turf_progress;
END;
