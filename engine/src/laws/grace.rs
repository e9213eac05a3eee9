//! The grace period of an ended wave, tested with clocks alone: whose end counts, when it is carried out, and how it is taken back.

use super::town::{CAMPAIGN, Walker, small_pack, walkers};
use crate::store::settings;
use crate::wave::{end, grace};
use porchlight_model::calls::wave::{EndWave, EraseWave, GRACE_MS, ReopenWave};
use porchlight_model::id::{Sha256, WaveId};
use porchlight_model::member::Role;
use porchlight_model::relay::RosterDevice;
use porchlight_model::wire::Acked;

const FIRST: WaveId = WaveId::FIRST;

/// The office's devices with these roles, each with a roster of all.
pub(super) fn office(roles: &[Role]) -> Vec<Walker> {
    let mut office = walkers(u8::try_from(roles.len()).unwrap(), &small_pack());
    let roster = |of: &[Walker]| -> Vec<RosterDevice> {
        of.iter()
            .zip(roles)
            .map(|(walker, role)| {
                let identity = &walker.engine.member().unwrap().identity;
                RosterDevice {
                    device: identity.device,
                    member: identity.member,
                    name: identity.name.clone(),
                    role: *role,
                    last_heard: None,
                    is_revoked: false,
                    revocation: None,
                    docs: Vec::new(),
                    hand_in: Vec::new(),
                    lease_until: identity.lease_until,
                    hub_key: None,
                }
            })
            .collect()
    };
    let devices = roster(&office);
    for (walker, role) in office.iter_mut().zip(roles) {
        let mut membership = walker.engine.member().unwrap().clone();
        membership.identity.role = *role;
        walker
            .engine
            .write("a role", |tx| {
                settings::put(tx.conn(), "roster", &devices)?;
                tx.set_membership(Some(membership))
            })
            .unwrap();
    }
    office
}

fn is_due(walker: &mut Walker) -> bool {
    grace::due(&mut walker.engine).unwrap() == [FIRST]
}

/// Makes the relay acknowledge a device's changes to the campaign document.
fn acknowledged(walker: &mut Walker) {
    let changes = walker.changes(CAMPAIGN).into_iter().map(|bytes| automerge::Change::from_bytes(bytes).unwrap());
    let hashes: Vec<_> = changes.map(|change| Sha256(change.hash().0)).collect();
    walker
        .engine
        .write("acknowledged", |tx| {
            let now = tx.now();
            hashes
                .iter()
                .try_for_each(|hash| crate::store::changes::ack(tx.conn(), CAMPAIGN, Acked { hash: *hash, n: 9 }, now))
        })
        .unwrap();
}

#[test]
fn a_wave_is_erased_a_day_after_a_coordinator_ended_it_and_not_before_the_relay_has_the_end() {
    let mut office = office(&[Role::Coordinator, Role::Coordinator]);
    end::end(&mut office[0].engine, &EndWave { wave: FIRST }).unwrap();
    office[0].pass_ms(2 * GRACE_MS);
    assert!(!is_due(&mut office[0]), "nobody else has heard of it yet");
    acknowledged(&mut office[0]);
    assert!(!is_due(&mut office[0]), "the others have their day, too");
    office[0].pass_ms(GRACE_MS);
    assert!(is_due(&mut office[0]));
    let [olga, sam] = office.get_disjoint_mut([0, 1]).unwrap();
    sam.hear(olga, CAMPAIGN, usize::MAX);
    sam.pass_ms(GRACE_MS - 1);
    assert!(!is_due(sam));
    sam.pass_ms(1);
    assert!(is_due(sam));
}

#[test]
fn a_coordinator_erases_at_once_or_takes_the_end_back() {
    let mut office = office(&[Role::Coordinator, Role::Coordinator, Role::Captain]);
    end::end(&mut office[0].engine, &EndWave { wave: FIRST }).unwrap();
    acknowledged(&mut office[0]);
    let [olga, sam, cleo] = office.get_disjoint_mut([0, 1, 2]).unwrap();
    sam.hear(olga, CAMPAIGN, usize::MAX);
    cleo.hear(olga, CAMPAIGN, usize::MAX);
    assert!(grace::erase(&mut cleo.engine, &EraseWave { wave: FIRST }).is_err());
    assert!(grace::reopen(&mut cleo.engine, &ReopenWave { wave: FIRST }).is_err());
    grace::erase(&mut olga.engine, &EraseWave { wave: FIRST }).unwrap();
    assert!(is_due(olga) && !is_due(sam), "at the device where that was said");
    grace::reopen(&mut sam.engine, &ReopenWave { wave: FIRST }).unwrap();
    acknowledged(sam);
    olga.hear(sam, CAMPAIGN, usize::MAX);
    for walker in [olga, sam] {
        walker.pass_ms(2 * GRACE_MS);
        assert!(!is_due(walker));
        assert_eq!(grace::end_of(&mut walker.engine, FIRST).unwrap(), None);
        let (rows, rebuilt) = walker.engine.rows_and_rebuild(CAMPAIGN).unwrap();
        assert_eq!(rows, rebuilt);
    }
}

#[test]
fn an_end_that_no_coordinator_wrote_is_told_and_never_carried_out() {
    for role in [Role::Captain, Role::Canvasser] {
        let mut office = office(&[Role::Coordinator, role]);
        let [olga, eve] = office.get_disjoint_mut([0, 1]).unwrap();
        // She uses a modified program, because the engine would refuse.
        let key = format!("{}{FIRST}", crate::doc::campaign_map::ENDED);
        eve.engine
            .write("by hand", |tx| tx.edit(CAMPAIGN, |edit| edit.put(crate::doc::campaign_map::ABOUT, &key, 1_000_i64)))
            .unwrap();
        olga.hear(eve, CAMPAIGN, usize::MAX);
        olga.pass_ms(2 * GRACE_MS);
        assert!(!is_due(olga));
        let end = grace::end_of(&mut olga.engine, FIRST).unwrap().unwrap();
        assert_eq!((end.by.as_str(), end.counts, end.erased_at), ("Walker 2", false, None));
        assert!(grace::erase(&mut olga.engine, &EraseWave { wave: FIRST }).is_err());
        // An end by a coordinator counts, beside the one that does not.
        grace::reopen(&mut olga.engine, &ReopenWave { wave: FIRST }).unwrap();
        end::end(&mut olga.engine, &EndWave { wave: FIRST }).unwrap();
        acknowledged(olga);
        olga.pass_ms(GRACE_MS);
        assert!(is_due(olga));
    }
}

#[test]
fn an_end_from_a_clock_in_the_past_leaves_the_whole_day() {
    let mut office = office(&[Role::Coordinator, Role::Coordinator]);
    let [olga, sam] = office.get_disjoint_mut([0, 1]).unwrap();
    sam.pass_ms(5 * GRACE_MS);
    end::end(&mut olga.engine, &EndWave { wave: FIRST }).unwrap();
    // By Sam's clock Olga ended it five days ago; he receives it today.
    sam.hear(olga, CAMPAIGN, usize::MAX);
    assert!(!is_due(sam));
    sam.pass_ms(GRACE_MS - 1);
    assert!(!is_due(sam));
    sam.pass_ms(1);
    assert!(is_due(sam));
}

#[test]
fn a_wave_ended_by_someone_who_left_since_can_be_ended_again() {
    let mut office = office(&[Role::Coordinator, Role::Coordinator]);
    let [olga, sam] = office.get_disjoint_mut([0, 1]).unwrap();
    end::end(&mut olga.engine, &EndWave { wave: FIRST }).unwrap();
    sam.hear(olga, CAMPAIGN, usize::MAX);
    let device = olga.engine.member().unwrap().identity.device;
    sam.engine
        .write("the relay tells that Olga left", |tx| {
            let mut devices: Vec<RosterDevice> = settings::get(tx.conn(), "roster")?.unwrap();
            devices.iter_mut().filter(|one| one.device == device).for_each(|one| one.is_revoked = true);
            settings::put(tx.conn(), "roster", &devices)
        })
        .unwrap();
    sam.pass_ms(2 * GRACE_MS);
    assert!(!is_due(sam), "an end that nobody stands for any more is not carried out");
    end::end(&mut sam.engine, &EndWave { wave: FIRST }).unwrap();
    acknowledged(sam);
    assert!(!is_due(sam), "it has its day of grace");
    sam.pass_ms(GRACE_MS);
    assert!(is_due(sam));
    let before = sam.changes(CAMPAIGN).len();
    end::end(&mut sam.engine, &EndWave { wave: FIRST }).unwrap();
    assert_eq!(sam.changes(CAMPAIGN).len(), before, "ending it again changes nothing");
}
