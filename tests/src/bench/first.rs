//! The native figures of the main job; those of the browser are measured in Chromium by `tests/browser/bench.mjs`.

use super::{Figure, ms, of_many};
use crate::campaign::{cut, found, hand_out, houses, import_town, talk, write_script};
use crate::person::Person;
use crate::relay::Relay;
use crate::town;
use anyhow::{Context, Result};
use porchlight_model::calls::door::OpenDoor;
use porchlight_model::calls::office::Search;
use porchlight_model::id::TurfId;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Measures all figures; takes about a minute.
///
/// # Errors
/// When a step of the story fails.
pub async fn measure() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let relay = Relay::start(&folder.path().join("relay"))?;
    let mut figures = Vec::new();

    let office = Person::new("Olga", folder.path())?;
    found(&relay, &office, "Bench").await?;
    import_town(&office, folder.path(), 320).await?;
    write_script(&office).await?;
    let turfs = cut(&office, 300, "Bench").await?;
    let turf = *turfs.first().context("nothing was cut")?;
    let ana = Person::new("Ana", folder.path())?;
    hand_out(&office, turf, &[&ana]).await?;
    figures.push(record(&ana, turf).await?);
    ana.sync().await?;
    figures.extend(shift(&ana, turf).await?);

    let large = folder.path().join("large");
    std::fs::create_dir(&large)?;
    let importer = Person::new("Imre", &large)?;
    found(&relay, &importer, "Import").await?;
    figures.push(import(&importer, &large).await?);

    let half = folder.path().join("half");
    std::fs::create_dir(&half)?;
    let searcher = Person::new("Sol", &half)?;
    found(&relay, &searcher, "Search").await?;
    import_town(&searcher, &half, 23_000).await?;
    figures.push(search(&searcher).await?);
    Ok(figures)
}

async fn record(ana: &Person, turf: TurfId) -> Result<Figure> {
    let doors = houses(ana, turf).await?;
    let mut times = Vec::new();
    for round in 0..4 {
        for door in &doors {
            let Some(voter) = ana.ask(OpenDoor { door: *door }).await?.voters.first().map(|view| view.voter.id) else {
                continue;
            };
            let answer = if round % 2 == 0 { "lean_yes" } else { "undecided" };
            let start = Instant::now();
            talk(ana, *door, voter, &[(1, answer), (2, "yes"), (3, "mail")], "").await?;
            times.push(start.elapsed());
        }
    }
    Ok(of_many("record a visit, native, to committed on disk", times, Duration::from_millis(16)))
}

async fn shift(ana: &Person, turf: TurfId) -> Result<Vec<Figure>> {
    let doors = houses(ana, turf).await?;
    for door in doors.iter().cycle().take(40) {
        let view = ana.ask(OpenDoor { door: *door }).await?;
        let voter = view.voters.first().context("an empty door")?.voter.id;
        talk(ana, *door, voter, &[(1, "strong_yes"), (2, "no"), (3, "day")], "").await?;
    }
    let traffic = ana.handle().traffic();
    let before = (traffic.n_rounds.load(Ordering::Relaxed), traffic.n_bytes_up.load(Ordering::Relaxed));
    ana.sync().await?;
    let n_rounds = traffic.n_rounds.load(Ordering::Relaxed) - before.0;
    let n_bytes = traffic.n_bytes_up.load(Ordering::Relaxed) - before.1;
    Ok(vec![
        Figure {
            what: "sync of a 40-visit shift, round trips".to_owned(),
            found: n_rounds.to_string(),
            to_reach: "1".to_owned(),
            is_reached: n_rounds == 1,
        },
        Figure {
            what: "sync of a 40-visit shift, body bytes up".to_owned(),
            found: format!("{:.1} kB", n_bytes as f64 / 1000.0),
            to_reach: "15 kB".to_owned(),
            is_reached: n_bytes <= 15_000,
        },
    ])
}

async fn import(importer: &Person, folder: &std::path::Path) -> Result<Figure> {
    town::generate(7, 46_000).write(folder)?;
    importer.import(&folder.join("streets.geojson")).await?;
    importer.import(&folder.join("addresses.csv")).await?;
    let start = Instant::now();
    let report = importer.import(&folder.join("voters.txt")).await?;
    let took = start.elapsed();
    let scaled = took.mul_f64(100_000.0 / report.n_taken.max(1) as f64);
    Ok(Figure {
        what: "import of 100,000 voters, native".to_owned(),
        found: format!("{} ({} voters in {})", ms(scaled), report.n_taken, ms(took)),
        to_reach: "5 s".to_owned(),
        is_reached: scaled <= Duration::from_secs(5),
    })
}

async fn search(searcher: &Person) -> Result<Figure> {
    let mut times = Vec::new();
    for typed in ["maria", "river st", "12 ma", "okafor a", "lan", "j", "sm", "willow 4", "chen w", "zz"] {
        for end in 1..=typed.len() {
            let start = Instant::now();
            searcher.ask(Search { text: typed[..end].to_owned(), limit: 30, after: None }).await?;
            times.push(start.elapsed());
        }
    }
    Ok(of_many("search among 50,000 voters while typing", times, Duration::from_millis(50)))
}
