//! Laws of a second voter file: who is on the roll, who is off it, and who is absent from the file.

use super::*;
use porchlight_model::calls::import::Effect;

const DATED: &str =
    "ncid\tlast_name\tfirst_name\tstatus_cd\tres_street_address\tzip_code\tconfidential_ind\tbirth_age\tregistr_dt";

fn dated(id: &str, status: &str, address: &str, day: &str) -> String {
    format!("{id}\tLANTERN\tNELL\t{status}\t{address}\t27000\tN\t44\t{day}")
}

fn at(conn: &Connection, id: &str) -> Vec<String> {
    let sql = "SELECT d.number || ' ' || d.street FROM voter v JOIN door d ON d.id = v.door WHERE v.source_id = ?1";
    let mut select = conn.prepare(sql).unwrap();
    select.query_map([id], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn problems(report: &FileReport) -> Vec<(String, u64)> {
    report.problems.iter().map(|one| (one.what.id.clone(), one.at.line)).collect()
}

#[test]
fn of_two_rows_of_one_voter_the_later_registration_counts() {
    #[track_caller]
    fn check(rows: &[String], address: &[&str], id: &str, line: u64) {
        let (_folder, conn) = database();
        let report = import(&conn, [DATED.to_owned(), rows.join("\n")].join("\n").as_bytes()).unwrap();
        assert_eq!(at(&conn, "A1"), address, "{rows:?}");
        let found = problems(&report);
        let expected: &[(String, u64)] = &[(id.to_owned(), line)];
        assert_eq!(found, if id.is_empty() { &[] } else { expected }, "{rows:?}");
        assert_eq!(rows::overview(&conn).unwrap().n_doors, address.len() as u64, "no door is left without anyone");
    }
    let row = |address: &str, day: &str| dated("A1", "A", address, day);
    let (later, first) = ("import-id-doubled-later", "import-id-doubled");
    check(&[row("10 PLAIN ST", "03/04/2016"), row("12 PLAIN ST", "05/06/2025")], &["12 Plain Street"], later, 2);
    check(&[row("10 PLAIN ST", "05/06/2025"), row("12 PLAIN ST", "03/04/2016")], &["10 Plain Street"], first, 3);
    check(&[row("10 PLAIN ST", "2016-03-04"), row("12 PLAIN ST", "2025-05-06")], &["12 Plain Street"], later, 2);
    check(&[row("10 PLAIN ST", "12/31/2015"), row("12 PLAIN ST", "01/01/2016")], &["12 Plain Street"], later, 2);
    check(&[row("10 PLAIN ST", "03/04/2016"), row("12 PLAIN ST", "03/04/2016")], &["10 Plain Street"], first, 3);
    check(&[row("10 PLAIN ST", ""), row("12 PLAIN ST", "03/04/2016")], &["12 Plain Street"], later, 2);
    check(&[row("10 PLAIN ST", "03/04/2016"), row("12 PLAIN ST", "")], &["10 Plain Street"], first, 3);
    check(
        &[row("10 PLAIN ST", "03/04/2016"), row("", "05/06/2025")],
        &["10 Plain Street"],
        "import-address-missing",
        3,
    );
    check(
        &[dated("A1", "R", "10 PLAIN ST", "05/06/2025"), row("12 PLAIN ST", "03/04/2016")],
        &["12 Plain Street"],
        "",
        0,
    );
    check(
        &[row("12 PLAIN ST", "03/04/2016"), dated("A1", "D", "10 PLAIN ST", "05/06/2025")],
        &["12 Plain Street"],
        "",
        0,
    );
}

#[test]
fn of_three_rows_of_one_voter_the_latest_counts_and_the_report_names_the_lines() {
    let (_folder, conn) = database();
    let rows =
        ["01/01/2001", "01/01/2003", "01/01/2002"].map(|day| dated("A1", "A", &format!("{} PLAIN ST", &day[9..]), day));
    let report = import(&conn, [DATED.to_owned(), rows.join("\n")].join("\n").as_bytes()).unwrap();
    assert_eq!(at(&conn, "A1"), ["3 Plain Street"]);
    let told: Vec<String> = report.problems.iter().map(|one| format!("{} {:?}", one.at.line, one.what.args)).collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].starts_with("2 ") && told[0].contains("later") && told[0].contains('3'), "{told:?}");
    assert!(told[1].starts_with("4 ") && told[1].contains("first") && told[1].contains('3'), "{told:?}");
}

#[test]
fn the_case_of_one_number_twice_keeps_both_voters_at_the_right_doors() {
    let (_folder, conn) = database();
    let report = import(&conn, &case("14-one-ncid-twice/voters.txt")).unwrap();
    assert_eq!(at(&conn, "QZ000005"), ["16 Plain Street"]);
    assert_eq!(at(&conn, "QZ000007"), ["12 Plain Street"]);
    assert_eq!(problems(&report), [("import-id-doubled-later".to_owned(), 8)]);
    assert!(format!("{:?}", report.problems[0].what.args).contains('9'), "the other line is named");
}

/// Imports `first`, then `second` with `absent` for voters who are not in it; checks that the effect is the one that was previewed, and returns it.
fn second(first: &[String], second: &[String], absent: Absent) -> (tempfile::TempDir, Connection, Effect) {
    let (folder, conn) = database();
    import(&conn, &table(first)).unwrap();
    let mut job = read(&table(second)).unwrap();
    let told = job.report(&conn, NOW).unwrap();
    let done = job.commit(&conn, NOW, absent).unwrap();
    assert_eq!(told.effect, done.effect, "what was told is what is done");
    (folder, conn, done.effect)
}

fn here(conn: &Connection) -> Vec<String> {
    let mut select = conn.prepare("SELECT source_id FROM voter ORDER BY source_id").unwrap();
    select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn who_is_off_the_roll_by_a_newer_file_is_gone_and_their_name_stays_for_the_record() {
    #[track_caller]
    fn check(row: &str, n_off: u64, n_absent: u64, stays: bool) {
        let first = [voter("A1", "1 LANTERN ST"), voter("A2", "2 LANTERN ST")];
        let (_folder, conn, effect) = second(&first, &[first[0].clone(), row.to_owned()], Absent::Keep);
        assert_eq!((effect.n_off_roll, effect.n_absent), (n_off, n_absent), "{row}");
        assert_eq!(here(&conn), if stays { vec!["A1", "A2"] } else { vec!["A1"] }, "{row}");
        let count = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap();
        assert_eq!(count("SELECT count(*) FROM search WHERE search MATCH 'nell'"), 1 + u32::from(stays), "{row}");
        assert_eq!(count("SELECT count(*) FROM former"), u32::try_from(n_off).unwrap(), "{row}");
        if n_off > 0 {
            assert_eq!(effect.off_roll, ["Nell Lantern, 2 Lantern Street"]);
        }
    }
    let gone = |status: &str| voter("A2", "2 LANTERN ST").replace("\tA\t", &format!("\t{status}\t"));
    check(&gone("R"), 1, 0, false);
    check(&gone("D"), 1, 0, false);
    check(&gone("r"), 1, 0, false);
    check(&gone("R").replace("2 LANTERN ST", "REMOVED").replace("27000", ""), 1, 0, false);
    check(&gone("I"), 0, 0, true);
    check(&gone("S"), 0, 0, true);
    check(&gone("?"), 0, 0, true);
    check(&voter("A2", ""), 0, 0, true);
    check(&gone("R").replace("A2", "B7"), 0, 1, true);
    // Confidential: not even the name is kept.
    let secret = voter("A2", "2 LANTERN ST").replace("\tN\t", "\tY\t");
    check(&secret, 0, 0, false);
}

#[test]
fn whom_a_file_does_not_name_stays_until_the_coordinator_decides() {
    let row = |id: &str, zip: &str| voter(id, "1 LANTERN ST").replace("27000", zip);
    let first = [row("A1", "27000"), row("A2", "27000"), row("B1", "27999")];
    for (absent, stays) in
        [(Absent::Keep, vec!["A1", "A2", "B1"]), (Absent::TakeOffNear, vec!["A1", "B1"]), (Absent::TakeOff, vec!["A1"])]
    {
        let (_folder, conn, effect) = second(&first, &first[..1], absent);
        assert_eq!((effect.n_absent, effect.n_absent_near, effect.n_off_roll), (2, 1, 0));
        assert_eq!(effect.absent, ["Nell Lantern, 1 Lantern Street"; 2]);
        assert_eq!(here(&conn), stays, "{absent:?}");
    }
}

#[test]
fn who_is_back_on_the_roll_is_here_again_and_moved_voters_are_counted() {
    let (a1, a2) = (voter("A1", "1 LANTERN ST"), voter("A2", "2 LANTERN ST"));
    let removed = a2.replace("\tA\t", "\tR\t");
    let (_folder, conn, _) = second(&[a1.clone(), a2.clone()], &[a1, removed], Absent::Keep);
    let moved = voter("A1", "2 LANTERN ST");
    let effect = import(&conn, &table(&[moved, a2, voter("A3", "9 LANTERN ST")])).unwrap().effect;
    assert_eq!((effect.n_new, effect.n_moved, effect.n_off_roll, effect.n_absent), (2, 1, 0, 0));
    assert_eq!(here(&conn), ["A1", "A2", "A3"]);
    assert_eq!(conn.query_row("SELECT count(*) FROM former", [], |row| row.get::<_, u32>(0)).unwrap(), 0);
}

#[test]
fn a_file_of_removals_alone_is_of_use_and_one_of_strangers_removed_is_not() {
    let (_folder, conn) = database();
    import(&conn, &table(&[voter("A1", "1 LANTERN ST")])).unwrap();
    let removed = |id: &str| voter(id, "1 LANTERN ST").replace("\tA\t", "\tR\t");
    let report = |id: &str| read(&table(&[removed(id)])).unwrap().report(&conn, NOW).unwrap();
    assert!(report("A1").is_of_use());
    assert!(!report("B1").is_of_use());
}
