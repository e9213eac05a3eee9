//! The cost of an open page for the sync of a coordinator's device: many changes of many turf arrive while the page of all turf reloads its
//! table. Everything takes turns on one thread, as in a browser's worker.

use super::NO_LIMITS;
use crate::bench::{Figure, ms};
use crate::campaign::{cut, found, houses, import_town, invite, not_home, write_script};
use crate::person::Person;
use crate::relay::Relay;
use anyhow::Result;
use porchlight_model::calls::office::Dashboard;
use porchlight_model::calls::sync::SyncNow;
use porchlight_model::calls::{Event, Topic};
use porchlight_model::member::Role;
use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};

/// Turf of the town.
const N_TURFS: usize = 750;
/// Doors of each.
const DOORS_PER_TURF: u32 = 8;
/// Changes in each.
const CHANGES_PER_TURF: usize = 3;

/// How a page reloads its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    /// No page is open.
    None,
    /// Again after each change, one fetch at a time.
    AtOnce,
    /// After a pause of this multiple of the last fetch's duration (`ui/src/load.rs`).
    Resting(u32),
}

pub(super) async fn measure(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let relay = Relay::start_with(&folder.path().join("relay"), &NO_LIMITS)?;
    let (olga, otto) = (Person::new("Olga", folder.path())?, Person::new("Otto", folder.path())?);
    found(&relay, &olga, "Pages").await?;
    import_town(&olga, folder.path(), N_TURFS * DOORS_PER_TURF as usize).await?;
    write_script(&olga).await?;
    let turfs = cut(&olga, DOORS_PER_TURF, "Pages").await?;
    olga.sync().await?;
    invite(&olga, &otto, Role::Coordinator).await?;
    otto.sync().await?;
    olga.sync().await?;
    let before = folder.path().join("before");
    std::fs::create_dir_all(&before)?;
    copy(&folder.path().join("Olga.db"), &before)?;
    let mut n_changes = 0;
    for turf in &turfs {
        // Some turf is one building.
        for door in houses(&otto, *turf).await?.into_iter().take(CHANGES_PER_TURF) {
            not_home(&otto, door).await?;
            n_changes += 1;
        }
    }
    otto.sync().await?;

    let mut alone = Duration::ZERO;
    for page in [Page::None, Page::AtOnce, Page::Resting(4)] {
        let disk = folder.path().join(format!("{page:?}"));
        std::fs::create_dir_all(&disk)?;
        copy(&before.join("Olga.db"), &disk)?;
        let device = Person::new("Olga", &disk)?;
        let (took, n_fetches) = sync_beside(&device, page).await?;
        if page == Page::None {
            alone = took;
        }
        let limit = alone * 6 / 5;
        tell(Figure {
            what: format!("{n_changes} changes of {} turf come in, page: {page:?}", turfs.len()),
            found: format!("{}, {n_fetches} fetches", ms(took)),
            to_reach: if page == Page::AtOnce { "(for comparison)".to_owned() } else { ms(limit) },
            is_reached: page == Page::AtOnce || took <= limit,
        });
    }
    Ok(())
}

/// Copies a database with its write-ahead log.
fn copy(database: &Path, to: &Path) -> Result<()> {
    for end in ["", "-wal"] {
        let from = database.with_file_name(format!("Olga.db{end}"));
        if from.exists() {
            std::fs::copy(&from, to.join(format!("Olga.db{end}")))?;
        }
    }
    Ok(())
}

/// Syncs while a page is open; returns how long that took, and how often the page reloaded.
async fn sync_beside(device: &Person, page: Page) -> Result<(Duration, u32)> {
    let (start, is_done) = (Instant::now(), Cell::new(false));
    let sync = async {
        // One exchange per turn of the thread, as in a browser's worker.
        let view = device.ask(SyncNow {}).await;
        is_done.set(true);
        view.map(|_| start.elapsed())
    };
    let fetches = async {
        let (mut n_fetches, mut not_before, mut is_wanted) = (0, Instant::now(), true);
        while !is_done.get() {
            tokio::time::sleep(Duration::from_millis(1)).await;
            is_wanted |= has_news(device);
            if page == Page::None || !is_wanted || Instant::now() < not_before {
                continue;
            }
            is_wanted = false;
            let began = Instant::now();
            // The ground of the map and, from far, its doors do not change with visits: the page fetches them once.
            device.ask(Dashboard {}).await?;
            n_fetches += 1;
            if let Page::Resting(times) = page {
                not_before = Instant::now() + began.elapsed() * times;
            }
        }
        Ok::<_, anyhow::Error>(n_fetches)
    };
    let (took, n_fetches) = tokio::join!(sync, fetches);
    Ok((took?, n_fetches?))
}

fn has_news(device: &Person) -> bool {
    device.take_events().iter().any(|event| match event {
        Event::Changed { topics } => topics.iter().any(|topic| matches!(topic, Topic::Visits | Topic::Turf)),
        Event::Progress { .. } | Event::Fault { .. } | Event::TakenOver => false,
    })
}
