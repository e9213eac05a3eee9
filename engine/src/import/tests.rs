//! Laws of import: every faulty file gets a message with the position of its fault, and leaves the database unchanged.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cases;
mod kinds;
mod roll;

use super::job::{ImportJob, Step};
use crate::handle::Files;
use crate::store;
use crate::store::import as rows;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::import::{Absent, FileReport, MAX_LINE_BYTES};
use porchlight_model::id::CampaignId;
use porchlight_model::message::ApiError;
use porchlight_model::time::At;
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const HEADER: &str =
    "ncid\tlast_name\tfirst_name\tstatus_cd\tres_street_address\tzip_code\tconfidential_ind\tbirth_age";
const NOW: At = At(1_793_440_800_000);

/// A file whose bytes are generated as they are read: `start`, then `filler` up to `bytes`.
struct Made {
    start: Vec<u8>,
    filler: u8,
    bytes: u64,
    n_read: Arc<AtomicU64>,
}

impl Files for Made {
    fn read_at(&self, _: &str, offset: u64, into: &mut [u8]) -> std::io::Result<usize> {
        let n = usize::try_from(self.bytes.saturating_sub(offset)).unwrap().min(into.len());
        for (index, byte) in into.iter_mut().take(n).enumerate() {
            let at = usize::try_from(offset).unwrap() + index;
            *byte = self.start.get(at).copied().unwrap_or(self.filler);
        }
        self.n_read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

fn read_made(made: Made) -> Result<ImportJob, ApiError> {
    let file = ChosenFile { key: "k".into(), name: "chosen.txt".into(), bytes: made.bytes };
    let mut job = ImportJob::start(CampaignId::from_bytes([1; 16]), file, Arc::new(made), NOW)?;
    while !matches!(job.step()?, Step::Finished) {}
    Ok(job)
}

fn import_made(conn: &Connection, made: Made) -> Result<FileReport, ApiError> {
    let job = read_made(made)?;
    Ok(job.commit(conn, NOW, Absent::Keep)?)
}

fn read(bytes: &[u8]) -> Result<ImportJob, ApiError> {
    read_made(Made { start: bytes.to_vec(), filler: 0, bytes: bytes.len() as u64, n_read: Arc::default() })
}

/// A file of `tests/cases`.
fn case(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../tests/cases/{path}", env!("CARGO_MANIFEST_DIR"))).expect(path)
}

fn import(conn: &Connection, bytes: &[u8]) -> Result<FileReport, ApiError> {
    import_made(conn, Made { start: bytes.to_vec(), filler: 0, bytes: bytes.len() as u64, n_read: Arc::default() })
}

fn database() -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let conn = store::open(folder.path().join("import.db").to_str().unwrap()).unwrap();
    (folder, conn)
}

fn voter(id: &str, address: &str) -> String {
    format!("{id}\tLANTERN\tNELL\tA\t{address}\t27000\tN\t44")
}

fn table(rows: &[String]) -> Vec<u8> {
    let mut text = HEADER.to_owned() + "\n";
    for row in rows {
        text.push_str(row);
        text.push('\n');
    }
    text.into_bytes()
}

/// Everything that an import writes, for comparison before and after.
fn contents(conn: &Connection) -> Vec<String> {
    let tables = ["voter", "door", "building", "point", "street", "area", "import_file", "import_problem", "search"];
    let count = |table: &str| -> i64 {
        conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    let mut all: Vec<String> = tables.iter().map(|table| format!("{table}: {}", count(table))).collect();
    let mut voters = conn.prepare("SELECT quote(id) || first || last || quote(door) FROM voter ORDER BY id").unwrap();
    all.extend(voters.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap));
    all
}

/// Checks that the whole file is refused with `id` at `line` and `column`, and that the data is unchanged.
#[track_caller]
fn refused(bytes: &[u8], id: &str, line: u64, column: u64) {
    let (_folder, conn) = database();
    import(&conn, &table(&[voter("KEPT1", "3 LANTERN ST"), voter("KEPT2", "")])).unwrap();
    let before = contents(&conn);
    let error = import(&conn, bytes).unwrap_err();
    assert_eq!(error.message.id, id);
    assert_eq!(error.at.map(|at| (at.file.clone(), at.line, at.column)), Some(("chosen.txt".to_owned(), line, column)));
    assert_eq!(contents(&conn), before);
}

/// Checks that one row has the problem `id` at `line` and `column`, and whether it was left out.
#[track_caller]
fn problem(bytes: &[u8], id: &str, line: u64, column: u64, is_left_out: bool) {
    let (_folder, conn) = database();
    let report = import(&conn, bytes).unwrap();
    let found: Vec<_> =
        report.problems.iter().map(|problem| (problem.what.id.as_str(), problem.at.line, problem.at.column)).collect();
    assert_eq!(found, [(id, line, column)]);
    assert_eq!(report.problems[0].is_left_out, is_left_out);
    assert_eq!(rows::problems(&conn, 0).unwrap().problems, report.problems);
}

#[test]
fn a_file_that_is_no_table_is_refused_and_nothing_is_kept() {
    refused(b"", "import-empty", 1, 1);
    refused(&[0x1f, 0x8b, 8, 0, 1, 2], "import-packed", 1, 1);
    refused(b"PK\x03\x04rest", "import-zip", 1, 1);
    refused(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0], "import-old-sheet", 1, 1);
    refused(b"%PDF-1.7\n\0", "import-pdf", 1, 1);
    for picture in [
        &b"\x89PNG\r\n\x1a\n\0"[..],
        b"\xff\xd8\xff\xe0\0",
        b"GIF89a\0",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypheic\0",
    ] {
        refused(picture, "import-picture", 1, 1);
    }
    refused(&[0xff, 0xfe, b'n', 0], "import-utf-16", 1, 1);
    refused(b"\x7fELF\0\0\0", "import-binary", 1, 1);
    refused(b"\n\n\n", "import-layout-blank", 1, 1);
    refused(br#"{"type":"FeatureCollection","features":[]}"#, "import-no-features", 1, 1);
    refused(b"name;street;age\nNell;Lantern;44\n", "import-layout-unknown", 1, 1);
    refused(b"ncid\tlast_name\tfirst_name\tstatus_cd\nA1\tX\tY\tA\n", "import-layout-lacks", 1, 1);
    refused(format!("{HEADER}\n").as_bytes(), "import-no-rows", 1, 1);
    refused(b"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":", "import-truncated", 1, 49);
}

#[test]
fn a_row_cut_off_by_the_files_end_refuses_the_whole_file() {
    let mut bytes = table(&[voter("A1", "1 LANTERN ST")]);
    bytes.extend_from_slice(b"A2\tLANT");
    refused(&bytes, "import-truncated", 3, 2);
}

#[test]
fn a_binary_row_deep_in_the_file_refuses_the_whole_file() {
    let mut bytes = table(&(0..300).map(|n| voter(&format!("A{n}"), "1 LANTERN ST")).collect::<Vec<_>>());
    bytes.extend_from_slice(b"A2\t\0\0\n");
    refused(&bytes, "import-binary", 302, 2);
    let features = b"{\"type\":\"Feature\"}\n{\"type\":\0}\n";
    refused(features, "import-binary", 2, 9);
}

#[test]
fn a_line_may_be_as_long_as_the_limit_and_not_a_byte_longer() {
    let with_line_of = |n: usize| {
        let start = voter("A1", "1 LANTERN ST");
        let row = start.replace("NELL", &"N".repeat(n - start.len() + 4));
        assert_eq!(row.len(), n);
        table(&[row])
    };
    let (_folder, conn) = database();
    assert_eq!(import(&conn, &with_line_of(MAX_LINE_BYTES)).unwrap().n_taken, 1);
    refused(&with_line_of(MAX_LINE_BYTES + 1), "import-line-too-long", 2, 8);
}

#[test]
fn a_line_of_two_gigabytes_is_refused_without_being_read() {
    const TWO_GIGABYTES: u64 = 2 << 30;
    const MOST_READ: u64 = 2 * 1024 * 1024;
    #[track_caller]
    fn check(start: &str, id: &str, place: (u64, u64)) {
        let (_folder, conn) = database();
        let n_read = Arc::default();
        let made = Made { start: start.into(), filler: b'x', bytes: TWO_GIGABYTES, n_read: Arc::clone(&n_read) };
        let error = import_made(&conn, made).unwrap_err();
        let at = error.at.unwrap();
        assert_eq!((error.message.id.as_str(), (at.line, at.column)), (id, place), "{start}");
        assert!(n_read.load(Ordering::Relaxed) < MOST_READ, "{start}: {n_read:?} bytes were read");
        assert_eq!(rows::overview(&conn).unwrap(), Default::default());
    }
    check("", "import-line-too-long", (1, 1));
    check(&format!("{HEADER}\n"), "import-line-too-long", (2, 1));
    check(&format!("{HEADER}\nA1\tLANTERN\t"), "import-line-too-long", (2, 3));
    check("{\"type\":\"Feature\",\"properties\":{\"name\":\"", "import-feature-too-long", (1, 1));
    check("{\"type\":\"FeatureCollection\",\n \"features\":[{\"type\":\"", "import-feature-too-long", (2, 14));
}

#[test]
fn what_is_wrong_in_a_feature_is_named_by_line_and_column() {
    let street = r#"{"type":"Feature","properties":{"highway":"residential"},"geometry":{"type":"LineString","coordinates":[[-79,36]]}}"#;
    problem(format!("{street}\n").as_bytes(), "import-line-wrong", 1, 1, true);
    problem(format!("{{\"features\":[\n  {street}]}}").as_bytes(), "import-line-wrong", 2, 3, true);
    refused(b"{\"features\":[\n  {\"type\":Feature}]}", "import-not-json", 2, 11);
    refused(b"{\"a\":1}\n{\"type\":\n Feature}\n", "import-not-json", 3, 2);
    let point = |lon: &str, lat: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"number":"7","street":"LANTERN ST"}},"geometry":{{"type":"Point","coordinates":[{lon},{lat}]}}}}"#
        )
    };
    let text = |first: String| [first, point("-79", "36"), point("-79", "36.1")].join("\n") + "\n";
    problem(text(point("0", "0")).as_bytes(), "import-point-zero", 1, 1, true);
    problem(text(point("36", "-79")).as_bytes(), "import-point-swapped", 1, 1, true);
    problem(text(point("36", "98")).as_bytes(), "import-point-swapped", 1, 1, true);
}

#[test]
fn a_wrong_row_is_named_by_line_and_column_and_the_rest_is_taken() {
    let good = voter("A9", "9 LANTERN ST");
    let with = |row: &str| table(&[row.to_owned(), good.clone()]);
    problem(&with("A1\tL\tN\tA\t1 LANTERN ST\t27000"), "import-cells", 2, 6, true);
    problem(&with(&voter("", "1 LANTERN ST")), "import-id-missing", 2, 1, true);
    problem(&with(&voter("A1", "")), "import-address-missing", 2, 5, true);
    problem(&with(&voter("A1", "LANTERN ST")), "import-number-missing", 2, 5, false);
    problem(&with(&voter("A1", "1 LANTERN ST").replace("44", "forty")), "import-age-wrong", 2, 8, false);
    problem(&table(&[good.clone(), voter("A9", "1 LANTERN ST")]), "import-id-doubled", 3, 1, true);
}

#[test]
fn points_that_cannot_be_are_left_out_and_named() {
    let with = |row: &str| {
        let mut text = "LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH\n".to_owned();
        text.push_str(row);
        text.push('\n');
        for n in 1..6 {
            text.push_str(&format!("-79.01,36.01,{n},LANTERN ST,,,,,27000,,\n"));
        }
        text.into_bytes()
    };
    problem(&with("0,0,7,LANTERN ST,,,,,27000,,"), "import-point-zero", 2, 2, true);
    problem(&with("36.01,-79.01,7,LANTERN ST,,,,,27000,,"), "import-point-swapped", 2, 1, true);
    problem(&with("-79.01,98,7,LANTERN ST,,,,,27000,,"), "import-point-swapped", 2, 2, true);
    problem(&with("-279.01,36,7,LANTERN ST,,,,,27000,,"), "import-point-off-earth", 2, 2, true);
    problem(&with("10.0,36.0,7,LANTERN ST,,,,,27000,,"), "import-point-far", 2, 1, true);
    problem(&with(",36.0,7,LANTERN ST,,,,,27000,,"), "import-point-missing", 2, 1, true);
    problem(&with("-79.01,36.01,,LANTERN ST,,,,,27000,,"), "import-address-parts", 2, 3, true);
    let mut latin = with("-79.01,36.01,7,LANTERN ST,,,,,27000,,");
    let at = latin.windows(2).position(|pair| pair == b"7,").unwrap() + 2;
    latin[at] = 0xe9;
    problem(&latin, "import-not-utf-8", 2, 4, true);
}

#[test]
fn a_file_with_its_columns_swapped_is_refused() {
    refused(b"LON,LAT,NUMBER,STREET,POSTCODE\n36.01,-79.01,1,LANTERN ST,27000\n", "import-points-swapped-all", 1, 1);
}

#[test]
fn a_collection_may_say_more_behind_its_features() {
    let (_folder, conn) = database();
    let street = r#"{"type":"Feature","properties":{"highway":"residential","name":"A"},"geometry":{"type":"LineString","coordinates":[[-79,36],[-79.1,36]]}}"#;
    let text = format!(
        r#"{{"name":"x","features":[{street},
        {street}],"crs":{{"more":[1,{{"}}":2}}]}}}}"#
    );
    assert_eq!(import(&conn, text.as_bytes()).unwrap().n_taken, 2);
    let lines = format!("{street}\n{street}\n");
    assert_eq!(import(&conn, lines.as_bytes()).unwrap().n_taken, 2);
}

#[test]
fn confidential_and_removed_voters_are_counted_and_never_kept() {
    let (_folder, conn) = database();
    let secret = voter("SECRET1", "1 LANTERN ST").replace("\tN\t", "\tY\t");
    let removed = voter("GONE1", "2 LANTERN ST").replace("\tA\t", "\tR\t");
    let report = import(&conn, &table(&[secret, removed, voter("A1", "3 LANTERN ST")])).unwrap();
    assert_eq!((report.n_rows, report.n_taken, report.n_confidential, report.n_not_registered), (3, 1, 1, 1));
    let overview = rows::overview(&conn).unwrap();
    assert_eq!((overview.n_voters, overview.n_doors), (1, 1));
}

#[test]
fn a_voter_who_becomes_confidential_is_removed_by_the_next_file() {
    let (_folder, conn) = database();
    let open = voter("A1", "1 LANTERN ST");
    import(&conn, &table(&[open.clone(), voter("A2", "1 LANTERN ST")])).unwrap();
    let report = import(&conn, &table(&[open.replace("\tN\t", "\tY\t"), voter("A2", "1 LANTERN ST")])).unwrap();
    assert_eq!((report.n_taken, report.n_confidential), (1, 1));
    let count = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM voter WHERE source_id = 'A1'"), 0);
    assert_eq!(count("SELECT count(*) FROM voter"), 1);
    assert_eq!(count("SELECT count(*) FROM search WHERE search MATCH 'nell'"), 1);
}

#[test]
fn importing_twice_gives_the_same_and_doors_find_their_points() {
    let (_folder, conn) = database();
    let voters = table(&[voter("A1", "1 LANTERN ST"), voter("A2", "1 LANTERN ST"), voter("A3", "7 LANTERN ST  # 2")]);
    let points = b"LON,LAT,NUMBER,STREET,POSTCODE\n-79.01,36.01,1,Lantern St,27000\n-79.02,36.02,7,LANTERN ST,27000\n";
    import(&conn, &voters).unwrap();
    import(&conn, points).unwrap();
    let first = rows::overview(&conn).unwrap();
    assert_eq!((first.n_voters, first.n_doors, first.n_located, first.n_points), (3, 2, 2, 2));
    import(&conn, points).unwrap();
    import(&conn, &voters).unwrap();
    let second = rows::overview(&conn).unwrap();
    assert_eq!((second.n_voters, second.n_doors, second.n_located, second.n_points), (3, 2, 2, 2));
}

#[test]
fn names_in_latin_1_and_in_utf_8_are_read_as_they_were_meant() {
    let (_folder, conn) = database();
    let row = |id: &str, last: &[u8]| [id.as_bytes(), b"\t", last, b"\tNELL\tA\t7 LANTERN ST\t27000\tN\t44\n"].concat();
    let file = [HEADER.as_bytes(), b"\n", &row("AA1", b"PE\xd1A"), &row("AA2", "PEÑA".as_bytes())].concat();
    assert_eq!(import(&conn, &file).unwrap().n_taken, 2);
    let mut names = conn.prepare("SELECT last FROM voter ORDER BY source_id").unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(names, ["Peña", "Peña"]);
}
