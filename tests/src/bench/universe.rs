//! The native figures of universes: filters over a million voters.

use super::{Figure, ms, of_many};
use crate::campaign::{found, write_script};
use crate::person::Person;
use crate::relay::Relay;
use anyhow::{Context, Result, ensure};
use porchlight_model::calls::universe::{CountVoters, ListVoters, Order};
use porchlight_model::universe::{Condition, Filter, Mark};
use porchlight_model::visit::ResultCode;
use rusqlite::Connection;
use std::path::Path;
use std::time::{Duration, Instant};

/// The doors of the county; behind every fifth lives one voter, then two, three, four, and two and a half in the mean.
const N_DOORS: u32 = 400_000;

/// How often each figure is taken.
const N_ROUNDS: u8 = 100;

/// Doors of 60 precincts, somewhere in half a degree.
const INSERT_DOORS: &str = "
    WITH RECURSIVE nth (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM nth WHERE n + 1 < ?1)
    INSERT INTO door (id, number, street, city, zip, precinct, lon, lat)
    SELECT randomblob(16), n % 400 + 1, 'Street ' || (n / 400), 'Lanternville', '27' || (n % 20), n % 60,
           -79.5 + (random() % 1000000) / 4000000.0, 35.5 + (random() % 1000000) / 4000000.0
    FROM nth";

const INSERT_VOTERS: &str = "
    INSERT INTO voter (id, door, first, last, age, party, phone, source_id)
    SELECT randomblob(16), d.id, 'Ana', 'Invented ' || abs(random() % 100000), 18 + abs(random() % 80),
           CASE abs(random() % 3) WHEN 0 THEN 'DEM' WHEN 1 THEN 'REP' ELSE 'UNA' END,
           CASE abs(random() % 2) WHEN 0 THEN '' ELSE '555' || (1000000 + abs(random() % 9000000)) END, ''
    FROM door d
    JOIN (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) k ON k.k <= d.number % 4 + (d.number % 4 = 1)";

/// One attempt at every third door, one in three of which was a talk.
const INSERT_VISITS: &str = "
    INSERT INTO visit (doc, id, door, voter, at, by_member, device, how, result, script, is_retracted, change_hash)
    SELECT zeroblob(16), randomblob(16), d.id, NULL, 1793440800000 + d.number * 60000, zeroblob(16), zeroblob(16), 'door',
           CASE d.number % 9 WHEN 0 THEN 'canvassed' ELSE 'not_home' END, '', 0, zeroblob(32)
    FROM door d
    WHERE d.number % 3 = 0";

/// Measures all figures and reports each as it is found; takes about a minute.
///
/// # Errors
/// When a step fails.
pub async fn measure(mut tell: impl FnMut(Figure)) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let relay = Relay::start(&folder.path().join("relay"))?;
    let office = Person::new("Olga", folder.path())?;
    found(&relay, &office, "Office").await?;
    write_script(&office).await?;
    let database = office.database().to_owned();
    drop(office);
    fill(&database)?;

    let office = Person::new("Olga", folder.path())?;
    let start = Instant::now();
    let all = office.ask(CountVoters { filter: Filter::default() }).await?;
    let took = start.elapsed();
    ensure!(all.n_voters >= 1_000_000, "there are {} voters", all.n_voters);
    tell(Figure {
        what: "first count after an import".to_owned(),
        found: format!("{} ({} voters, {} doors)", ms(took), all.n_voters, all.n_doors),
        to_reach: "no target".to_owned(),
        is_reached: true,
    });
    let limit = Duration::from_millis(200);
    tell(of_many("live count of a three-part filter", counts(&office).await?, limit));
    tell(of_many("first page of such a list by name", pages(&office).await?, 2 * limit));
    Ok(())
}

fn fill(database: &Path) -> Result<()> {
    let mut conn = Connection::open(database)?;
    conn.pragma_update(None, "synchronous", "OFF")?;
    conn.pragma_update(None, "cache_size", -400_000)?;
    let tx = conn.transaction()?;
    tx.execute(INSERT_DOORS, [N_DOORS]).context("inserting doors")?;
    tx.execute(INSERT_VOTERS, []).context("inserting voters")?;
    tx.execute(INSERT_VISITS, []).context("inserting visits")?;
    tx.commit()?;
    Ok(())
}

/// A filter of three parts, another one each time.
fn filter(n: u8) -> Filter {
    let party = ["DEM", "REP", "UNA"][usize::from(n) % 3].to_owned();
    let parts: [Filter; 3] = [
        Condition::Party { any: vec![party, "UNA".to_owned()] }.into(),
        Condition::Age { from: Some(18 + n % 20), to: Some(45 + n % 30) }.into(),
        match n % 3 {
            0 => Condition::LastResult { any: vec![ResultCode::NotHome], or_none: true }.into(),
            1 => Condition::Precinct { any: (n..n + 12).map(|n| (n % 60).to_string()).collect() }.into(),
            _ => Filter::Not(Box::new(Condition::Marked { any: vec![Mark::DoNotContact, Mark::Moved] }.into())),
        },
    ];
    Filter::All(parts.to_vec())
}

async fn counts(office: &Person) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for n in 0..N_ROUNDS {
        let start = Instant::now();
        let counted = office.ask(CountVoters { filter: filter(n) }).await?;
        times.push(start.elapsed());
        ensure!(counted.n_voters > 1_000, "the filter takes {} voters", counted.n_voters);
    }
    Ok(times)
}

async fn pages(office: &Person) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for n in 0..N_ROUNDS {
        let call = ListVoters { filter: filter(n), order: Order::default(), after: None, limit: 100 };
        let start = Instant::now();
        let page = office.ask(call).await?;
        times.push(start.elapsed());
        ensure!(page.rows.len() == 100, "the page has {} voters", page.rows.len());
    }
    Ok(times)
}
