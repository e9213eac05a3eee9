//! The clients' figures: failing over to the next relay, and merging the shifts of 500 phones on a coordinator's device.

use super::NO_LIMITS;
use crate::bench::{Figure, ms, quantile};
use crate::campaign::{cut, found, hand_out, houses, import_town, invite, not_home, talk, write_script};
use crate::person::Person;
use crate::relay::Relay;
use crate::servers::Postgres;
use anyhow::{Context, Result};
use porchlight_model::calls::door::OpenDoor;
use porchlight_model::calls::office::Dashboard;
use porchlight_model::id::TurfId;
use porchlight_model::member::Role;
use std::time::{Duration, Instant};

/// Phones whose shifts are merged.
const N_PHONES: usize = 500;
/// Visits of each.
const N_VISITS: usize = 40;
/// How often a phone loses its relay.
const N_LOSSES: usize = 5;

pub(super) async fn measure(tell: &mut impl FnMut(Figure)) -> Result<()> {
    fail_over(tell).await?;
    shifts(tell).await
}

async fn fail_over(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let mut dead = Vec::new();
    let mut silent = Vec::new();
    let folder = tempfile::tempdir()?;
    let server = Postgres::shared()?;
    let mut relays = Relay::start_nodes(folder.path(), &server.database().await?, 2)?;
    let both = format!("--relays={},{}", relays[0].url, relays[1].url);
    let flags: Vec<String> = NO_LIMITS.map(str::to_owned).into_iter().chain([both]).collect();
    for relay in &mut relays {
        relay.restart_with(&flags)?;
    }
    let [mut first, mut second] = <[Relay; 2]>::try_from(relays).ok().context("two relays were started")?;
    let office = Person::new("Olga", folder.path())?;
    found(&first, &office, "Fail-over").await?;
    import_town(&office, folder.path(), 60).await?;
    write_script(&office).await?;
    let turf = *cut(&office, 60, "Over").await?.first().context("nothing was cut")?;
    for n in 0..N_LOSSES {
        let phone = Person::new(&format!("Phone {n}"), folder.path())?;
        hand_out(&office, turf, &[&phone]).await?;
        let door = *houses(&phone, turf).await?.first().context("no house")?;
        dead.push(lose(&phone, door, [&mut first, &mut second], true).await?);
        // Both relays are up again; the phone uses one of them.
        phone.clock.advance_ms(10 * 60 * 1000);
        phone.sync().await?;
        silent.push(lose(&phone, door, [&mut first, &mut second], false).await?);
    }
    for (what, mut times) in [("dead", dead), ("silent", silent)] {
        let worst = quantile(&mut times, 1000);
        tell(Figure {
            what: format!("a phone whose relay is {what} is done at the next"),
            found: format!("{} (worst), median {}, n {}", ms(worst), ms(quantile(&mut times, 500)), times.len()),
            to_reach: "3 s".to_owned(),
            is_reached: worst < Duration::from_secs(3),
        });
    }
    Ok(())
}

/// Stops each relay in turn while a phone has something to sync; the slower of the two syncs is the one that had to fail over.
async fn lose(
    phone: &Person,
    door: porchlight_model::id::DoorId,
    relays: [&mut Relay; 2],
    is_killed: bool,
) -> Result<Duration> {
    let mut longest = Duration::ZERO;
    for relay in relays {
        if is_killed {
            relay.kill()?;
        } else {
            relay.pause()?;
        }
        not_home(phone, door).await?;
        let start = Instant::now();
        let synced = phone.sync().await?;
        anyhow::ensure!(synced.n_held == 0, "the phone did not get through: {synced:?}");
        longest = longest.max(start.elapsed());
        if is_killed {
            relay.restart()?;
        } else {
            relay.go_on()?;
        }
        phone.clock.advance_ms(10 * 60 * 1000);
    }
    Ok(longest)
}

async fn shifts(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let relay = Relay::start_with(&folder.path().join("relay"), &NO_LIMITS)?;
    let office = Person::new("Olga", folder.path())?;
    found(&relay, &office, "Merge").await?;
    import_town(&office, folder.path(), N_PHONES * 13).await?;
    write_script(&office).await?;
    let turfs = cut(&office, 12, "Merge").await?;
    // One captain's device stands for all phones, whose changes differ only in their author.
    let captain = Person::new("Cleo", folder.path())?;
    invite(&office, &captain, Role::Captain).await?;
    let turfs: Vec<TurfId> = turfs.into_iter().take(N_PHONES).collect();
    for turf in &turfs {
        walk_shift(&captain, *turf).await?;
    }
    captain.sync().await?;
    let start = Instant::now();
    office.sync().await?;
    let took = start.elapsed();
    let n_attempts = office.ask(Dashboard {}).await?.totals.n_attempts;
    tell(Figure {
        what: format!("{} phones' shifts merged at a coordinator's device", turfs.len()),
        found: format!("{} ({n_attempts} visits)", ms(took)),
        to_reach: "20 s".to_owned(),
        is_reached: took < Duration::from_secs(20) && n_attempts as usize == turfs.len() * N_VISITS,
    });
    Ok(())
}

async fn walk_shift(captain: &Person, turf: TurfId) -> Result<()> {
    let doors = houses(captain, turf).await?;
    let doors = if doors.is_empty() { all_doors(captain, turf).await? } else { doors };
    for (n, door) in doors.iter().cycle().take(N_VISITS).enumerate() {
        let view = captain.ask(OpenDoor { door: *door }).await?;
        match view.voters.first() {
            Some(voter) if n % 3 != 0 => {
                let answer = if n % 2 == 0 { "lean_yes" } else { "undecided" };
                talk(captain, *door, voter.voter.id, &[(1, answer), (2, "yes")], "").await?;
            }
            Some(_) | None => {
                not_home(captain, *door).await?;
            }
        }
    }
    Ok(())
}

/// The units of a turf that is one building.
async fn all_doors(captain: &Person, turf: TurfId) -> Result<Vec<porchlight_model::id::DoorId>> {
    use porchlight_model::calls::door::OpenBuilding;
    use porchlight_model::calls::walk::Stop;
    let mut doors = Vec::new();
    for row in crate::campaign::walk(captain, turf).await?.rows {
        if let Stop::Building(building) = row.stop {
            let view = captain.ask(OpenBuilding { building }).await?;
            doors.extend(view.floors.into_iter().flat_map(|(_, units)| units).map(|unit| unit.door));
        }
    }
    Ok(doors)
}
