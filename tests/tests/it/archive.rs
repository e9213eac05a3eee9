//! Archives and exports contain everything that people recorded.

use crate::insider::{device, forged, keep};
use crate::reworded::rows;
use crate::story::{World, world};
use automerge::transaction::Transactable;
use automerge::{Automerge, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use porchlight_engine::doc::turf_map;
use porchlight_model::calls::archive::{ArchiveWave, OpenArchive};
use porchlight_model::calls::door::{HistoryKind, OpenDoor};
use porchlight_model::calls::export::ExportWave;
use porchlight_model::calls::export::{ExportKind, ExportResults};
use porchlight_model::calls::office::{OpenTurf, VoterHistory};
use porchlight_model::calls::settle::Settle;
use porchlight_model::calls::visit::{AddNote, AddPerson, EditNote, SetFlag, Undo};
use porchlight_model::calls::wave::{EndWave, EraseWave, Waves};
use porchlight_model::id::{DocId, DoorId, QuestionId, TurfId, WaveId};
use porchlight_model::time::At;
use porchlight_model::visit::{About, Flag};
use porchlight_tests::campaign::{first_voter, houses, not_home, talk};
use porchlight_tests::person::{Person, chosen};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

type Row = BTreeMap<String, String>;

/// Records everything that can be recorded on a turf at least once, including a conflict and a mistap.
async fn record_everything(ana: &Person, ben: &Person, doors: &[DoorId]) {
    let voter = first_voter(ana, doors[0]).await.unwrap();
    talk(ana, doors[0], voter, &[(1, "lean_yes"), (2, "yes")], "=HYPERLINK(\"x\") and, a \"quote\"").await.unwrap();
    talk(ben, doors[0], voter, &[(1, "undecided")], "").await.unwrap();
    let mistap = not_home(ana, doors[1]).await.unwrap();
    ana.ask(Undo { visits: mistap.visits }).await.unwrap();
    let added =
        AddPerson { door: doors[2], first: "Nell".into(), last: "Fairlamp".into(), phone: "+1 919 555 0188".into() };
    let nell = ana.ask(AddPerson { ..added }).await.unwrap().voter;
    talk(ana, doors[2], nell, &[(3, "mail")], "").await.unwrap();
    ana.ask(AddNote { about: About::Door(doors[3]), text: "Bell is broken\nknock loudly".into() }).await.unwrap();
    let about = About::Door(doors[3]);
    ana.ask(AddNote { about, text: "Dog, I thnk".into() }).await.unwrap();
    let history = ana.ask(OpenDoor { door: doors[3] }).await.unwrap().history;
    let slip = history.iter().find_map(|item| match &item.what {
        HistoryKind::Note { note, text } if text.starts_with("Dog") => Some(*note),
        _ => None,
    });
    ana.ask(EditNote { note: slip.unwrap(), text: "Dog, I think".into() }).await.unwrap();
    for (about, flag, is_set) in [
        (About::Voter(nell), Flag::DoNotContact, true),
        (About::Voter(voter), Flag::DoNotContact, true),
        (About::Voter(voter), Flag::DoNotContact, false),
        (About::Door(doors[4]), Flag::Danger, true),
    ] {
        ben.sync().await.unwrap();
        ana.sync().await.unwrap();
        let by = if flag == Flag::Danger { ben } else { ana };
        by.ask(SetFlag { about, flag, is_set }).await.unwrap();
    }
    for person in [ana, ben, ana] {
        person.sync().await.unwrap();
    }
}

/// An entry of a document: its fields as text, ids as their text, times in milliseconds.
fn fields(doc: &Automerge, map: &str) -> BTreeMap<String, BTreeMap<String, Vec<String>>> {
    let (_, id) = doc.get(ROOT, map).unwrap().unwrap();
    let of = |id: &automerge::ObjId| -> BTreeMap<String, Vec<String>> {
        doc.keys(id)
            .map(|key| {
                let all = doc.get_all(id, key.as_str()).unwrap();
                (key, all.iter().filter_map(|(value, _)| plain(value)).collect())
            })
            .collect()
    };
    doc.keys(&id)
        .map(|key| match doc.get(&id, key.as_str()).unwrap().unwrap() {
            (Value::Object(ObjType::Map), entry) => (key, of(&entry)),
            _ => {
                let all = doc.get_all(&id, key.as_str()).unwrap();
                let values = all.iter().filter_map(|(value, _)| plain(value)).collect();
                (key, BTreeMap::from([(String::new(), values)]))
            }
        })
        .collect()
}

fn plain(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Scalar(scalar) => Some(match scalar.as_ref() {
            ScalarValue::Str(text) => text.to_string(),
            ScalarValue::Int(number) => number.to_string(),
            ScalarValue::Boolean(is) => is.to_string(),
            ScalarValue::Bytes(bytes) => <[u8; 16]>::try_from(bytes.as_slice())
                .map_or_else(|_| hex::encode(bytes), |id| TurfId::from_bytes(id).to_string()),
            other => panic!("a value of a kind that is not known here: {other:?}"),
        }),
        Value::Object(_) => None,
    }
}

/// The expected words of a table: names, addresses and source ids, from the engine.
struct ExpectedWords {
    names: BTreeMap<String, String>,
    doors: BTreeMap<String, [String; 2]>,
}

impl ExpectedWords {
    /// Checks that a row contains a field of an entry; fails for an unknown field.
    fn check(&self, row: &Row, map: &str, field: &str, value: &str) {
        let iso = || At(value.parse().unwrap()).to_iso();
        let told =
            |column: &str| row.get(column).unwrap_or_else(|| panic!("{map} has no column {column}: {row:?}")).as_str();
        match (map, field) {
            (_, "at") => assert_eq!(told(if map == "retracted" { "taken_back_at" } else { "at" }), iso()),
            (_, "by") => {
                assert_eq!(told(if map == "retracted" { "taken_back_by" } else { "canvasser" }), self.names[value]);
            }
            (_, "door") => {
                assert_eq!([told("number"), told("street")], self.doors[value].each_ref().map(String::as_str));
            }
            ("people", "first" | "last") => assert_eq!(told(field), value),
            ("people", "phone") => assert_eq!(told(field).trim_start_matches('\''), value),
            (_, "voter") => assert_eq!(told("person"), value),
            ("visits", "how" | "result" | "script" | "device") | ("flags", "flag") => assert_eq!(told(field), value),
            ("flags", "is_set") => assert_eq!(told("is"), if value == "true" { "set" } else { "lifted" }),
            ("notes", "text") => assert_eq!(told("text").trim_start_matches('\''), value),
            other => panic!("say where {other:?} is exported"),
        }
    }
}

/// Checks that every value of a turf's document is in the tables, in the row of its entry, and in the JSON.
fn assert_complete(
    doc: &Automerge,
    tables: &BTreeMap<String, Vec<Row>>,
    record: &serde_json::Value,
    known: &ExpectedWords,
) {
    assert_eq!(doc.keys(ROOT).collect::<BTreeSet<_>>(), turf_map::ALL.map(str::to_owned).into());
    let find = |table: &str, column: &str, id: &str| {
        let found = tables[table].iter().find(|row| row[column] == id);
        found.unwrap_or_else(|| panic!("{table} has no row for {id}")).clone()
    };
    let in_json = |map: &str, key: &str| record["maps"][map][key].to_string();
    for map in turf_map::ALL {
        let entries = fields(doc, map);
        assert!(!entries.is_empty(), "nothing is recorded in {map}");
        for (key, entry) in entries {
            for (field, values) in entry {
                for value in &values {
                    let json = in_json(map, &key);
                    let told = serde_json::to_string(value).unwrap();
                    assert!(json.contains(told.trim_matches('"')), "{map}.{key}.{field}: {value} is not in {json}");
                }
                let one = || match values.as_slice() {
                    [one] => one.clone(),
                    several => panic!("{map}.{key}.{field} has {several:?}"),
                };
                match map {
                    turf_map::ABOUT => {}
                    turf_map::VISITS => {
                        let is_back = tables["taken-back"].iter().any(|row| row["visit"] == key);
                        let row = find(if is_back { "taken-back" } else { "visits" }, "visit", &key);
                        known.check(&row, map, &field, &one());
                    }
                    turf_map::RETRACTED => {
                        let is_note = tables["notes"].iter().any(|row| row["note"] == key);
                        let (table, column) = if is_note { ("notes", "note") } else { ("taken-back", "visit") };
                        known.check(&find(table, column, &key), map, &field, &one());
                    }
                    turf_map::NOTES => known.check(&find("notes", "note", &key), map, &field, &one()),
                    turf_map::FLAGS => known.check(&find("flags", "id", &key), map, &field, &one()),
                    turf_map::PEOPLE => known.check(&find("people", "person", &key), map, &field, &one()),
                    turf_map::WALKERS => assert_eq!(find("walkers", "member", &key)["canvasser"], one()),
                    turf_map::ASKED => {
                        let (voter, _) = field.split_once('/').unwrap();
                        let is_told =
                            |row: &&Row| row["visit"] == key && row["person"] == voter && row["value"] == one();
                        assert!(tables["said"].iter().any(|row| is_told(&row)), "{key} {field}");
                    }
                    turf_map::ANSWERS => {
                        let (voter, _) = key.split_once('/').unwrap();
                        let row = find("answers", "person", voter);
                        assert!(values.len() == 1 || row["disputed"] == "Library measure", "{row:?}");
                    }
                    other => panic!("say where {other} is exported"),
                }
            }
        }
    }
}

/// The entries of a ZIP file, in the order of writing.
fn unzipped(bytes: Vec<u8>) -> BTreeMap<String, String> {
    let long = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let short = |at: usize| usize::from(u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()));
    let (mut entries, mut at) = (BTreeMap::new(), 0);
    while bytes[at..].starts_with(b"PK\x03\x04") {
        let (n_packed, n_name) = (long(at + 18), short(at + 26));
        let name = String::from_utf8(bytes[at + 30..at + 30 + n_name].to_vec()).unwrap();
        let packed = &bytes[at + 30 + n_name..at + 30 + n_name + n_packed];
        let mut text = String::new();
        flate2::read::DeflateDecoder::new(packed).read_to_string(&mut text).unwrap();
        assert_eq!(text.len(), long(at + 22), "{name}");
        entries.insert(name, text);
        at += 30 + n_name + n_packed;
    }
    entries
}

/// The tables by name.
fn tables(entries: &BTreeMap<String, String>) -> BTreeMap<String, Vec<Row>> {
    let csv = entries.iter().filter_map(|(name, text)| Some((name.strip_suffix(".csv")?.to_owned(), rows(text))));
    csv.collect()
}

async fn doc_of(office: &Person, turf: TurfId) -> DocId {
    office.ask(OpenTurf { turf }).await.unwrap().entry.doc
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_was_recorded_is_in_the_archive_and_can_be_read_after_the_end() {
    let World { office, ana, ben, turf, folder, relay: _relay } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    record_everything(&ana, &ben, &doors).await;
    office.sync().await.unwrap();
    let doc = doc_of(&office, turf).await;
    let made = office.ask(ArchiveWave { wave: WaveId::FIRST }).await.unwrap();
    assert_eq!(made.record, office.ask(Waves {}).await.unwrap()[0].record, "it is of what is known now");
    let entries = unzipped(made.file.bytes());
    let record: serde_json::Value = serde_json::from_str(&entries["record.json"]).unwrap();
    let documents = record["turf"].as_array().unwrap();
    let document = documents.iter().find(|told| told["doc"] == doc.to_string()).unwrap();
    let mut known = ExpectedWords { names: BTreeMap::new(), doors: BTreeMap::new() };
    for door in &doors[..5] {
        let view = ana.ask(OpenDoor { door: *door }).await.unwrap();
        known.doors.insert(door.to_string(), [view.door.number.clone(), view.door.street.clone()]);
        assert!(entries["record.json"].contains(&door.to_string()));
        for voter in view.voters.iter().filter(|voter| !voter.voter.source_id.is_empty()) {
            let row = tables(&entries)["visits"].iter().find(|row| row["voter_id"] == voter.voter.source_id).cloned();
            assert!(row.is_none_or(|row| row["party"] == voter.voter.party && !row["party"].is_empty()));
        }
    }
    office.handle().with(|engine| {
        let document_here = engine.document(doc).unwrap();
        for (member, names) in fields(document_here, turf_map::WALKERS) {
            known.names.insert(member, names[""][0].clone());
        }
        assert_complete(document_here, &tables(&entries), document, &known);
    });
    assert!(entries["visits.csv"].starts_with("visit,at,"));
    assert!(entries["notes.csv"].contains("'=HYPERLINK"), "a note is no formula");
    assert!(entries["people.csv"].contains("'+1 919 555 0188"));

    // The same tables one by one, of this wave and of all.
    for what in ExportKind::ALL {
        let all = office.ask(ExportResults { what }).await.unwrap();
        let one = office.ask(ExportWave { wave: WaveId::FIRST, what }).await.unwrap();
        let archived = &entries[&format!("{}.csv", what.as_str())];
        assert_eq!((&all.text, &one.text), (archived, archived), "{what:?}");
        assert!(all.n_rows > 0, "{what:?}");
    }

    // A result arrives: the archive is no longer complete.
    not_home(&ana, doors[6]).await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    assert_ne!(made.record, office.ask(Waves {}).await.unwrap()[0].record);

    // After the end only the file is left, and it can be opened.
    let path = folder.path().join(&made.file.name);
    std::fs::write(&path, made.file.bytes()).unwrap();
    let voter = first_voter(&office, doors[0]).await.unwrap();
    office.ask(EndWave { wave: WaveId::FIRST }).await.unwrap();
    office.ask(EraseWave { wave: WaveId::FIRST }).await.unwrap();
    office.sync().await.unwrap();
    office.sync().await.unwrap();
    assert!(office.ask(VoterHistory { voter }).await.unwrap().history.is_empty());
    let page = office.ask(OpenArchive { file: chosen(&path).unwrap(), table: 3, from: 0 }).await.unwrap();
    assert_eq!(
        (page.campaign.as_str(), page.wave.as_str(), page.made_by.as_str()),
        ("Library for Lantern Falls", "", "Olga")
    );
    let names: Vec<_> = page.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ExportKind::ALL.map(ExportKind::as_str));
    let text = page.header.iter().position(|column| column == "text").unwrap();
    let notes: Vec<_> = page.rows.iter().map(|row| row[text].as_str()).collect();
    let wanted = ["=HYPERLINK(\"x\") and, a \"quote\"", "Bell is broken\nknock loudly", "Dog, I thnk", "Dog, I think"];
    assert_eq!(notes, wanted, "what was rewritten is there in both forms");
    let last = office.ask(OpenArchive { file: chosen(&path).unwrap(), table: 3, from: 1 }).await.unwrap();
    assert_eq!(last.rows, page.rows[1..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_kept_which_of_two_answers_and_when_is_in_the_table_and_in_the_record() {
    let World { office, ana, ben, turf, relay: _relay, folder: _folder } = world().await;
    let door = houses(&ana, turf).await.unwrap()[0];
    let voter = first_voter(&ana, door).await.unwrap();
    talk(&ana, door, voter, &[(1, "lean_yes"), (2, "yes")], "").await.unwrap();
    talk(&ben, door, voter, &[(1, "undecided"), (2, "yes")], "").await.unwrap();
    for person in [&ana, &ben, &office] {
        person.sync().await.unwrap();
    }
    let told = async || {
        let entries = unzipped(office.ask(ArchiveWave { wave: WaveId::FIRST }).await.unwrap().file.bytes());
        let record: serde_json::Value = serde_json::from_str(&entries["record.json"]).unwrap();
        let of_turf = record["turf"].as_array().unwrap().iter().find(|told| told["turf"] == turf.to_string());
        (tables(&entries).remove("said").unwrap(), of_turf.unwrap()["settled"].clone())
    };
    let (said, record) = told().await;
    assert!(said.iter().all(|row| row["settled_by"].is_empty() && row["settled_at"].is_empty()), "{said:?}");
    assert_eq!(record, serde_json::json!({}), "nobody has yet");

    let question = QuestionId::from_bytes([1; 16]);
    let before = office.handle().with(|engine| engine.now().0) / 1000 * 1000;
    office.ask(Settle { turf, voter, question, keep: Some("undecided".to_owned()) }).await.unwrap();
    let after = office.handle().with(|engine| engine.now().0);
    for is_synced in [false, true] {
        let (said, record) = told().await;
        let settled: Vec<_> = said.iter().filter(|row| !row["settled_by"].is_empty()).collect();
        assert_eq!(settled.len(), 1, "{settled:?}");
        assert_eq!(
            (&*settled[0]["canvasser"], &*settled[0]["value"], &*settled[0]["settled_by"]),
            ("Ben", "undecided", "Olga")
        );
        let kept = &record[format!("{voter}/{question}")];
        let at = kept["at"].as_i64().unwrap();
        assert!((before..=after).contains(&at), "{before} {at} {after}");
        assert_eq!(settled[0]["settled_at"], At(at).to_iso());
        let member = office.handle().with(|engine| engine.member().unwrap().identity.member);
        assert_eq!((&kept["value"], &kept["by"]), (&"undecided".into(), &member.to_string().into()), "{is_synced}");
        office.sync().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_was_taken_back_by_whom_the_laws_say_and_not_by_whoever_wrote_so_as_well() {
    let World { office, ana, ben, turf, relay: _relay, folder: _folder } = world().await;
    let (doors, doc) = (houses(&ana, turf).await.unwrap(), doc_of(&office, turf).await);
    let visit = not_home(&ana, doors[0]).await.unwrap().visits[0];
    for person in [&ana, &ben, &office] {
        person.sync().await.unwrap();
    }
    // Ben's program takes Ana's visit back in his name; of two that do not know of each other Automerge shows his.
    let bens = ben.handle().with(|engine| engine.member().unwrap().identity.member);
    let lie = forged(&ben, doc, device(&ben), |document| {
        let [walkers, retracted] = ["walkers", "retracted"].map(|map| document.get(ROOT, map).unwrap().unwrap().1);
        (0..100).for_each(|n| document.put(&walkers, bens.to_string(), format!("Ben {n}")).unwrap());
        let entry = document.put_object(&retracted, visit.to_string(), ObjType::Map).unwrap();
        document.put(&entry, "by", ScalarValue::Bytes(bens.to_bytes().to_vec())).unwrap();
        document.put(&entry, "at", 1_795_000_000_000_i64).unwrap();
    });
    keep(&ben, doc, &lie);
    ana.ask(Undo { visits: vec![visit] }).await.unwrap();
    for person in [&ana, &ben, &office, &office] {
        person.sync().await.unwrap();
    }
    let back = rows(&office.ask(ExportResults { what: ExportKind::TakenBack }).await.unwrap().text);
    assert_eq!(back.len(), 1);
    assert_eq!((&*back[0]["visit"], &*back[0]["taken_back_by"]), (&*visit.to_string(), "Ana"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_archive_is_refused_by_name() {
    let World { office, folder, relay: _relay, .. } = world().await;
    let made = office.ask(ArchiveWave { wave: WaveId::FIRST }).await.unwrap().file.bytes();
    let half = made[..made.len() / 2].to_vec();
    let files = [
        ("table.csv", b"a,b\r\n".to_vec()),
        ("empty.zip", Vec::new()),
        ("half.zip", half),
        ("text.zip", vec![b'P'; 900]),
    ];
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let refused = office.call(OpenArchive { file: chosen(&path).unwrap(), table: 0, from: 0 }).await.unwrap_err();
        assert_eq!((refused.message.id.as_str(), refused.message.args["file"].as_str()), ("archive-not-one", name));
    }
}
