//! Laws of GeoJSON: the kind of a file depends on all of its features, and what it replaces depends on the area that it covers.

use super::*;
use porchlight_model::calls::import::FileKind;

const STREET: &str = r#"{"type":"Feature","properties":{"highway":"residential","name":"Plain Street"},"geometry":{"type":"LineString","coordinates":[[-79.3,36.19],[-79.29,36.19]]}}"#;
const NO_STREET: &str =
    r#"{"type":"Feature","properties":{"highway":"residential","name":"Lost Street"},"geometry":null}"#;
const LANDMARK: &str =
    r#"{"type":"Feature","properties":{"name":"Fountain"},"geometry":{"type":"Point","coordinates":[-79.3,36.19]}}"#;

fn address(number: u32, geometry: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"number":{number},"street":"Plain St","postcode":"27000"}},"geometry":{geometry}}}"#
    )
}

fn point(number: u32) -> String {
    address(number, &format!(r#"{{"type":"Point","coordinates":[-79.{number},36.19]}}"#))
}

fn line(name: &str, from: (f64, f64), to: (f64, f64)) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"highway":"residential","name":"{name}"}},"geometry":{{"type":"LineString","coordinates":[[{},{}],[{},{}]]}}}}"#,
        from.0, from.1, to.0, to.1
    )
}

fn n_streets_and_points(conn: &Connection) -> (u64, u64) {
    let overview = rows::overview(conn).unwrap();
    (overview.n_streets, overview.n_points)
}

#[test]
fn features_are_taken_however_they_are_strung_together() {
    #[track_caller]
    fn check(text: &str) {
        let (_folder, conn) = database();
        import(&conn, STREET.as_bytes()).unwrap();
        let report = import(&conn, text.as_bytes()).unwrap();
        assert_eq!((report.kind, report.n_taken), (FileKind::OpenAddresses, 4), "{text:.60}");
        assert_eq!(n_streets_and_points(&conn), (1, 4), "{text:.60}");
    }
    for name in ["array.json", "lines.geojsonl", "rs.geojsons", "upper.geojson"] {
        check(&String::from_utf8(case(&format!("24-geojson-sequence/addresses-{name}"))).unwrap());
    }
    let four: Vec<String> = [10, 12, 14, 16].map(point).into();
    check(&four.join("\r\n"));
    check(&format!("\u{feff}[\n {}\n]\n", four.join(",\n ")));
    check(
        &format!("{{\"type\": \"FeatureCollection\", \"features\": [\n{}\n]}}", four.join(",\n"))
            .replace(":{", ": {\n  "),
    );
    check(&four.iter().map(|one| format!("\u{1e}{}\n", one.replace(',', ",\n"))).collect::<String>());
    check(&four.iter().map(|one| format!("{{\"features\":[{one}]}}\n")).collect::<String>());
    check(&format!("{{\"features\":[{}]}}", four.join(",").replace("number", "NUMBER").replace("street", "Street")));
    check(&format!("\n\n \u{1e}{}", four.concat()));
}

#[test]
fn what_a_file_is_is_judged_by_all_of_it() {
    #[track_caller]
    fn check(features: &[&str], kind: FileKind, n_taken: u64, problems: &[(&str, u64)]) {
        let (_folder, conn) = database();
        import(&conn, line("Kept Street", (-70.0, 40.0), (-70.1, 40.0)).as_bytes()).unwrap();
        let report = import(&conn, features.join("\n").as_bytes()).unwrap();
        assert_eq!((report.kind, report.n_taken), (kind, n_taken), "{features:?}");
        let found: Vec<_> = report.problems.iter().map(|one| (one.what.id.as_str(), one.at.line)).collect();
        assert_eq!(found, problems, "{features:?}");
        let n_streets = 1 + if kind == FileKind::Streets { n_taken } else { 0 };
        assert_eq!(n_streets_and_points(&conn).0, n_streets, "what lies elsewhere stays");
    }
    let (lost, no_key) = (address(99, "null"), address(98, "null").replace(r#","geometry":null"#, ""));
    let (ten, twelve) = (point(10), point(12));
    let missing = |line| ("import-point-missing", line);
    check(&[&lost, &ten, &twelve], FileKind::OpenAddresses, 2, &[missing(1)]);
    check(&[&ten, &twelve, &lost], FileKind::OpenAddresses, 2, &[missing(3)]);
    check(&[&no_key, &ten], FileKind::OpenAddresses, 1, &[missing(1)]);
    check(&[LANDMARK, &ten, &twelve], FileKind::OpenAddresses, 2, &[]);
    check(&[NO_STREET, STREET, STREET], FileKind::Streets, 2, &[("import-line-missing", 1)]);
    check(&[LANDMARK, STREET], FileKind::Streets, 1, &[]);
    check(&[STREET, &ten, &twelve], FileKind::OpenAddresses, 2, &[("import-mixed-streets", 1)]);
    check(&[&ten, STREET, STREET], FileKind::Streets, 2, &[("import-mixed-points", 1)]);
    check(&[&lost, &no_key], FileKind::OpenAddresses, 0, &[missing(1), missing(2)]);
}

#[test]
fn a_case_with_a_null_geometry_first_is_address_points_and_the_streets_stay() {
    let (_folder, conn) = database();
    import(&conn, &case("25-null-geometry-first/voters.txt")).unwrap();
    import(&conn, STREET.as_bytes()).unwrap();
    let report = import(&conn, &case("25-null-geometry-first/addresses.geojson")).unwrap();
    assert_eq!((report.kind, report.n_taken, report.n_problems), (FileKind::OpenAddresses, 4, 1));
    assert_eq!((report.problems[0].what.id.as_str(), report.problems[0].at.line), ("import-point-missing", 1));
    assert_eq!(n_streets_and_points(&conn), (1, 4));
}

#[test]
fn a_file_of_no_use_says_so_and_replaces_nothing() {
    let useless = [
        format!("{LANDMARK}\n"),
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":null,"geometry":null}]}"#.to_owned(),
        r#"{"type":"Topology","objects":{"a":{"type":"LineString","arcs":[0]}},"arcs":[[[0,1],[2,3]]]}"#.to_owned(),
        r#"{"geometryType":"esriGeometryPolyline","features":[{"attributes":{"NAME":"A"},"geometry":{"paths":[]}}]}"#.to_owned(),
        r#"[{"type":"Feature","properties":{"highway":"proposed"},"geometry":{"type":"LineString","coordinates":[[-79,36],[-79.1,36]]}}]"#.to_owned(),
        r#"{"name":"a voter","age":44}"#.to_owned(),
    ];
    for text in useless {
        let (_folder, conn) = database();
        import(&conn, STREET.as_bytes()).unwrap();
        let report = read(text.as_bytes()).unwrap().report(&conn, NOW).unwrap();
        assert_eq!((report.n_taken, report.is_of_use()), (0, false), "{text}");
        assert!(report.effect.replaced.is_empty(), "{text}");
        assert_eq!((report.effect.n_passed_over, report.effect.n_beside), (1, 1), "{text}");
        import(&conn, text.as_bytes()).unwrap();
        assert_eq!(n_streets_and_points(&conn), (1, 0), "{text}");
    }
}

#[test]
fn streets_replace_those_where_they_lie_and_stand_beside_the_rest() {
    #[track_caller]
    fn check(first: &[String], second: &[String], n_replaced: u64, n_beside: u64) {
        let (_folder, conn) = database();
        import(&conn, first.join("\n").as_bytes()).unwrap();
        let before = read(second.join("\n").as_bytes()).unwrap().report(&conn, NOW).unwrap().effect;
        assert_eq!(before.replaced.iter().map(|one| one.n).sum::<u64>(), n_replaced, "{second:?}");
        assert_eq!(before.n_beside, n_beside, "{second:?}");
        for replaced in &before.replaced {
            assert_eq!((replaced.file.as_str(), replaced.at), ("chosen.txt", Some(NOW)));
        }
        let done = import(&conn, second.join("\n").as_bytes()).unwrap().effect;
        assert_eq!(done, before, "what was told is what is done");
        assert_eq!(n_streets_and_points(&conn).0, n_beside + second.len() as u64, "{second:?}");
    }
    let town = |lon: f64, lat: f64| -> Vec<String> {
        let along =
            |n: u32| line(&format!("{n}"), (lon, lat + f64::from(n) * 0.001), (lon + 0.02, lat + f64::from(n) * 0.001));
        (0..10).map(along).collect()
    };
    let (here, there) = (town(-79.3, 36.19), town(-78.0, 35.0));
    check(&here, &here, 10, 0);
    check(&here, &there, 0, 10);
    check(&[here.clone(), there.clone()].concat(), &there, 10, 10);
    check(&here, &here[..8], 10, 0);
    check(&here, &[line("Slightly off", (-79.3, 36.1951), (-79.28, 36.1951))], 5, 5);
    // A road that extends beyond the new file's area is not covered by it completely.
    check(&[line("Long Road", (-79.3, 36.19), (-79.0, 36.19))], &here, 0, 1);
    let park = r#"{"type":"Feature","properties":{"leisure":"park"},"geometry":{"type":"Polygon","coordinates":[[[-79.3,36.19],[-79.299,36.19],[-79.299,36.191],[-79.3,36.19]]]}}"#;
    check(&[park.to_owned(), here[0].clone()], &here, 2, 0);
}

#[test]
fn streets_of_several_files_are_told_apart_when_they_are_replaced() {
    let (_folder, conn) = database();
    let lines = [line("A", (-79.298, 36.192), (-79.296, 36.192)), line("B", (-79.2, 36.192), (-79.19, 36.192))];
    // As an earlier version wrote it.
    import(&conn, line("Old", (-79.298, 36.193), (-79.296, 36.193)).as_bytes()).unwrap();
    conn.execute("UPDATE street SET id = 1", []).unwrap();
    import(&conn, lines[1].as_bytes()).unwrap();
    let report = read(lines.join("\n").as_bytes()).unwrap().report(&conn, NOW).unwrap();
    assert_eq!(report.effect.replaced.iter().map(|one| (one.n, one.at)).collect::<Vec<_>>(), [(1, Some(NOW)); 2]);
}
