//! Malformed rows whose meaning is clear.

use super::Town;

const HEADER: [&str; 9] = [
    "ncid",
    "last_name",
    "first_name",
    "status_cd",
    "res_street_address",
    "zip_code",
    "confidential_ind",
    "party_cd",
    "birth_age",
];
const NELL: [&str; 9] = ["A1", "LANTERN", "NELL", "A", "1 MAPLE ST", "27000", "N", "UNA", "44"];

fn imported(case: &str, file: &str) -> (Town, Vec<(String, String)>) {
    let town = Town::of(case, &["addresses.csv"]);
    let path = format!("{}/../tests/cases/{case}/{file}", env!("CARGO_MANIFEST_DIR"));
    let report = town.import(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!((report.n_problems, report.n_rows), (0, report.n_taken), "{file}");
    let repaired = report.repaired.into_iter().map(|told| (told.id, told.args["n"].clone())).collect();
    (town, repaired)
}

#[test]
fn a_quotation_mark_inside_a_cell_swallows_nothing() {
    for file in ["voters-unquoted.txt", "voters-quoted.txt"] {
        let (town, repaired) = imported("17-quotation-marks", file);
        let wanted = [
            "Petra Thistlewood",
            "Faro Puddleford",
            "Robert \"Bob\" Oakenshaw",
            "Bram \"Tex\" Quillon",
            "Oren Larkspur",
            "Marrowby",
        ];
        assert_eq!(town.names(), wanted, "{file}");
        assert_eq!(repaired, [("import-repaired-quotes".to_owned(), "4".to_owned())], "{file}");
    }
}

#[test]
fn tails_of_rows_and_of_files_leave_no_voter_out() {
    for (file, kind, n) in [
        ("voters-trailing-tab.txt", "import-repaired-extra", "4"),
        ("voters-short-rows.txt", "import-repaired-missing", "4"),
        ("voters-blank-tail.txt", "import-repaired-blank", "2"),
        ("voters-ctrl-z.txt", "import-repaired-end", "1"),
    ] {
        let (town, repaired) = imported("18-tails", file);
        assert_eq!(town.overview().n_voters, 4, "{file}");
        assert_eq!(repaired, [(kind.to_owned(), n.to_owned())], "{file}");
    }
}

/// Checks the result of a file: names, kinds of repairs with counts, problems with line and column.
#[track_caller]
fn check(file: &str, names: &[&str], repaired: &[(&str, &str)], problems: &[(&str, u64, u64)]) {
    let town = Town::new();
    let report = town.import(file.as_bytes()).unwrap_or_else(|error| panic!("{file}: {error:?}"));
    assert_eq!(town.names(), names, "{file}");
    let told: Vec<_> = report.repaired.iter().map(|told| (told.id.as_str(), told.args["n"].as_str())).collect();
    let wanted: Vec<_> = repaired.iter().map(|(kind, n)| (format!("import-repaired-{kind}"), *n)).collect();
    assert_eq!(told, wanted.iter().map(|(kind, n)| (kind.as_str(), *n)).collect::<Vec<_>>(), "{file}");
    let found: Vec<_> =
        report.problems.iter().map(|problem| (problem.what.id.as_str(), problem.at.line, problem.at.column)).collect();
    assert_eq!(found, problems, "{file}");
}

fn row(separator: &str, cells: &[&str]) -> String {
    cells.join(separator) + "\n"
}

fn with(index: usize, cell: &'static str) -> [&'static str; 9] {
    let mut cells = NELL;
    cells[index] = cell;
    cells
}

#[test]
fn quotation_marks_of_all_sorts_are_read_as_they_were_meant() {
    let tabs = |cells: &[&str]| row("\t", &HEADER) + &row("\t", cells);
    let commas = |cells: &[&str]| row(",", &HEADER) + &row(",", cells);
    // Well-formed rows need no repair, even with a separator or a doubled quotation mark inside a cell.
    check(&tabs(&with(2, "\"NELL\"")), &["Nell Lantern"], &[], &[]);
    check(&tabs(&with(2, "\"ROBERT \"\"BOB\"\"\"")), &["Robert \"Bob\" Lantern"], &[], &[]);
    check(&tabs(&with(1, "\"LAN\tTERN\"")), &["Nell Lan Tern"], &[], &[]);
    check(&commas(&with(4, "\"1 MAPLE ST, APT 4\"")), &["Nell Lantern"], &[], &[]);
    check(&commas(&with(2, "\"NELL \"\"N\"\", ANN\"")), &["Nell \"N\", Ann Lantern"], &[], &[]);
    // Malformed, but unambiguous.
    check(&tabs(&with(2, "NELL \"NELLIE\"")), &["Nell \"Nellie\" Lantern"], &[("quotes", "1")], &[]);
    check(&tabs(&with(7, "\"UNA")), &["Nell Lantern"], &[("quotes", "1")], &[]);
    check(&tabs(&with(0, "\"A1")), &["Nell Lantern"], &[("quotes", "1")], &[]);
    check(&commas(&with(2, "NELL \"NELLIE\"")), &["Nell \"Nellie\" Lantern"], &[("quotes", "1")], &[]);
    check(&commas(&with(2, "\"NELL \"NELLIE\"\"")), &["Nell \"Nellie\" Lantern"], &[("quotes", "1")], &[]);
    // In comma-separated text an open quotation mark may hide where the cell ends.
    check(&commas(&with(2, "\"NELL")), &[], &[], &[("import-quote-open", 2, 3)]);
}

#[test]
fn rows_with_cells_too_many_or_too_few_are_taken_where_nothing_is_lost() {
    let file = |cells: &[&str]| row("\t", &HEADER) + &row("\t", cells);
    let extra = |more: &[&'static str]| [&NELL[..], more].concat();
    check(&file(&extra(&[""])), &["Nell Lantern"], &[("extra", "1")], &[]);
    check(&file(&extra(&["", " ", ""])), &["Nell Lantern"], &[("extra", "1")], &[]);
    check(&file(&extra(&["x"])), &[], &[], &[("import-cells", 2, 10)]);
    check(&file(&NELL[..8]), &["Nell Lantern"], &[("missing", "1")], &[]);
    check(&file(&NELL[..7]), &["Nell Lantern"], &[("missing", "1")], &[]);
    // The row does not say whether the voter is confidential, so that it is left out.
    check(&file(&NELL[..6]), &[], &[], &[("import-cells", 2, 6)]);
    // A cell is lost in the middle: those after it are in the wrong columns.
    check(&file(&[&NELL[..3], &NELL[4..]].concat()), &[], &[], &[("import-cells", 2, 8)]);
    check(&file(&[&NELL[..5], &NELL[6..]].concat()), &[], &[], &[("import-cells", 2, 8)]);
    check(&(row(",", &HEADER) + &row(",", &extra(&["", ""]))), &["Nell Lantern"], &[("extra", "1")], &[]);
}

#[test]
fn a_separator_in_the_middle_of_a_row_never_hides_who_is_confidential() {
    // The last cell is empty, so that a superfluous cell looks like a tail.
    let nell = ["A1", "LANTERN", "NELL", "A", "1 MAPLE ST", "27000", "Y", "UNA", ""];
    for at in 1..=6 {
        let shifted = [&nell[..at], &[""], &nell[at..]].concat();
        for separator in ["\t", ","] {
            let town = Town::new();
            let report = town.import((row(separator, &HEADER) + &row(separator, &shifted)).as_bytes());
            let report = report.unwrap();
            assert_eq!((report.n_taken, report.n_problems, report.repaired.len()), (0, 1, 0), "{shifted:?}");
            assert_eq!((report.problems[0].what.id.as_str(), report.problems[0].at.column), ("import-cells", 10));
        }
    }
    // After that cell an age is under "party", and a word under "age".
    let moved = ["A1", "LANTERN", "NELL", "A", "1 MAPLE ST", "27000", "N", "", "UNA", ""];
    check(&(row("\t", &HEADER) + &row("\t", &moved)), &[], &[], &[("import-cells", 2, 10)]);
    // A real tail.
    let tail = [&nell[..], &[""]].concat();
    let town = Town::new();
    let report = town.import((row("\t", &HEADER) + &row("\t", &tail)).as_bytes()).unwrap();
    assert_eq!((report.n_taken, report.n_problems, report.n_confidential), (0, 0, 1), "read as confidential");
    let open = [&with(8, "")[..], &[""]].concat();
    check(&(row("\t", &HEADER) + &row("\t", &open)), &["Nell Lantern"], &[("extra", "1")], &[]);
}

#[test]
fn lines_without_text_and_the_end_of_a_dos_file_are_passed_over() {
    let good = row("\t", &HEADER) + &row("\t", &NELL);
    check(&format!("{good}\n\r\n"), &["Nell Lantern"], &[], &[]);
    check(&format!("{good}\t\t\t\n \t \n\"\"\t\"\"\n"), &["Nell Lantern"], &[("blank", "3")], &[]);
    check(&format!("{good}\u{1a}"), &["Nell Lantern"], &[("end", "1")], &[]);
    check(&format!("{}\u{1a}", good.trim_end()), &["Nell Lantern"], &[("end", "1")], &[]);
    check(&format!("{good}\u{1a}\r\n"), &["Nell Lantern"], &[("end", "1")], &[]);
    check(&format!("\n\r\n{good}"), &["Nell Lantern"], &[], &[]);
    // A last row that lacks the same cells as all rows was not truncated.
    let short = row("\t", &HEADER) + &row("\t", &NELL[..8]) + &with(0, "A2")[..8].join("\t");
    check(&short, &["Nell Lantern", "Nell Lantern"], &[("missing", "2")], &[]);
}

#[test]
fn a_file_of_address_points_is_read_as_leniently() {
    let header = "LON,LAT,NUMBER,STREET,CITY,POSTCODE\n";
    for row in
        ["-79.3,36.2,1,Maple St,Ashby,27000,", "-79.3,36.2,1,Maple St", "-79.3,36.2,1,\"Maple \"Old\" St\",Ashby,27000"]
    {
        let town = Town::new();
        let report = town.import(format!("{header}{row}\n,,,,,\n\u{1a}").as_bytes()).unwrap();
        assert_eq!((report.n_rows, report.n_taken, report.n_problems), (1, 1, 0), "{row}");
        assert_eq!(report.repaired.len(), 3, "{row}");
    }
    // A comma in the street would shift the town under the postal code.
    let report = Town::new().import(format!("{header}-79.3,36.2,1,Maple, St,Ashby,\n").as_bytes()).unwrap();
    assert_eq!((report.n_taken, report.problems[0].what.id.as_str()), (0, "import-cells"));
}
