//! The first sync of a new device for a turf with its history: three waves of 120 doors, each walked by eight devices.

use super::NO_LIMITS;
use crate::bench::{Figure, ms};
use crate::campaign::{cut, first_voter, found, hand_out, houses, import_town, not_home, talk, write_script};
use crate::person::Person;
use crate::relay::Relay;
use crate::wire::Wire;
use anyhow::{Context, Result};
use porchlight_model::calls::invite::HandOut;
use porchlight_model::calls::wave::StartWave;
use porchlight_model::id::DoorId;
use std::time::{Duration, Instant};

/// Doors that are walked in each wave.
const N_DOORS: usize = 120;
/// Devices that share them.
const N_PHONES: usize = 8;
/// The waves, the first of which needs no start.
const WAVES: [&str; 3] = ["", "Second look", "Get out the vote"];

pub(super) async fn measure(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let relay = Relay::start_with(&folder.path().join("relay"), &NO_LIMITS)?;
    let office = Person::new("Olga", folder.path())?;
    found(&relay, &office, "Waves").await?;
    import_town(&office, folder.path(), 3 * N_DOORS).await?;
    write_script(&office).await?;
    let turf = *cut(&office, 200, "Wave").await?.first().context("nothing was cut")?;
    let phones = (0..N_PHONES).map(|n| Person::new(&format!("Phone {n}"), folder.path()));
    let phones: Vec<Person> = phones.collect::<Result<_>>()?;
    for name in WAVES {
        if !name.is_empty() {
            office.ask(StartWave { name: name.to_owned() }).await?;
            office.sync().await?;
        }
        hand_out(&office, turf, &phones.iter().collect::<Vec<_>>()).await?;
        let doors = houses(&office, turf).await?;
        anyhow::ensure!(doors.len() >= N_DOORS, "the turf has {} houses", doors.len());
        for (phone, doors) in phones.iter().zip(doors[..N_DOORS].chunks(N_DOORS / N_PHONES)) {
            walk(phone, doors).await?;
        }
    }
    office.sync().await?;
    let wire = Wire::to(&relay).await?;
    let new = Person::new("Nell", folder.path())?;
    let link = office.ask(HandOut { turf, uses: 1, minutes: 60 }).await?.link;
    new.join(&wire.link(&link)).await?;
    let start = Instant::now();
    new.sync().await?;
    let (took, carried) = (start.elapsed(), wire.carried());
    tell(Figure {
        what: format!("a new device gets a turf with {} waves of history", WAVES.len()),
        found: format!("{} request, {} bytes before compression, {}", carried.n_syncs, carried.n_bytes, ms(took)),
        to_reach: "1 request, 1 s".to_owned(),
        is_reached: carried.n_syncs == 1 && took < Duration::from_secs(1),
    });
    Ok(())
}

async fn walk(phone: &Person, doors: &[DoorId]) -> Result<()> {
    for (n, door) in doors.iter().enumerate() {
        match first_voter(phone, *door).await {
            Ok(voter) if n % 3 != 0 => {
                let answer = if n % 2 == 0 { "lean_yes" } else { "undecided" };
                talk(phone, *door, voter, &[(1, answer), (2, "yes")], "").await?;
            }
            Ok(_) | Err(_) => drop(not_home(phone, *door).await?),
        }
    }
    phone.sync().await?;
    Ok(())
}
