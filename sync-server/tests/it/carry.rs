//! Changes that were written on other devices, and who may deliver them.

use crate::author::{Author, hash, hashes};
use crate::conformance::{numbers, why as reasons};
use crate::stores::{Device, EPOCH, NOW, Whole, doc_push, found};
use crate::world::{Phone, World, ask, fresh, new_doc};
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::member::Role;
use porchlight_model::wire::{DocReply, RejectReason};
use porchlight_relay::Clock;
use porchlight_relay::store::DocPush;
use serde_bytes::ByteBuf;

/// Pushes changes of other devices, marked as such.
async fn carry(phone: &Phone, doc: DocId, push: &[Vec<u8>]) -> DocReply {
    let mut ask = ask(&[doc]);
    ask.docs[0].carries = true;
    ask.docs[0].push = push.iter().cloned().map(ByteBuf::from).collect();
    phone.sync(&ask).await.unwrap().docs.remove(0)
}

fn why(reply: &DocReply) -> Vec<RejectReason> {
    reply.rejected.iter().map(|rejected| rejected.why).collect()
}

/// A coordinator, a turf with two canvassers, and a canvasser without it.
async fn world() -> (World, DocId, [Phone; 4]) {
    let world = World::start().await;
    let office = world.found().await;
    let turf = new_doc();
    office.bear(turf, &[]).await;
    let ana = world.join(&office, Role::Canvasser, &[turf]).await;
    let ben = world.join(&office, Role::Canvasser, &[turf]).await;
    let eve = world.join(&office, Role::Canvasser, &[]).await;
    (world, turf, [office, ana, ben, eve])
}

#[tokio::test]
async fn a_coordinator_brings_what_a_lost_phone_had_handed_over() {
    let (_world, turf, [office, ana, _, eve]) = world().await;
    let mut held = Author::new().by(ana.device);
    let written = [held.write(), held.write()];
    let unmarked = office.push(turf, &written).await;
    assert_eq!(
        why(&unmarked),
        [RejectReason::ForeignActor, RejectReason::MissingDeps],
        "unless it is said to be carried"
    );
    let carried = carry(&office, turf, &written).await;
    assert_eq!(hashes(&carried.acked), written.each_ref().map(|bytes| hash(bytes)));
    // The chain is Ana's, and her phone continues it.
    assert_eq!(ana.push(turf, &[held.write()]).await.acked.len(), 1);
    // Changes by a device that never had the turf, or is not in the campaign, cannot be delivered.
    let mut foreign = Author::new().by(eve.device);
    assert_eq!(why(&carry(&office, turf, &[foreign.write()]).await), [RejectReason::ForeignActor]);
}

#[tokio::test]
async fn a_turf_that_was_taken_back_and_a_revoked_phone_can_still_be_carried_for() {
    let (world, turf, [office, ana, ..]) = world().await;
    let mut held = Author::new().by(ana.device);
    world.relay.enrolment().unwrap().revoke(ana.device, world.clock.now()).await.unwrap();
    assert_eq!(carry(&office, turf, &[held.write()]).await.acked.len(), 1);
}

#[tokio::test]
async fn a_canvasser_carries_for_others_only_while_the_relay_recovers_from_a_copy() {
    let (world, turf, [_, ana, ben, eve]) = world().await;
    let mut held = Author::new().by(ana.device);
    let first = held.write();
    let mut after = Author::new().by(ben.device);
    after.read(std::slice::from_ref(&first));
    let both = [first, after.write()];
    assert_eq!(why(&carry(&ben, turf, &both).await), [RejectReason::ForeignActor, RejectReason::MissingDeps]);
    world.relay.start_new_epoch().await.unwrap();
    assert_eq!(carry(&ben, turf, &both).await.acked.len(), 2);
    // The relay may have lost who was handed the turf, and which devices exist.
    let mut handed = Author::new().by(eve.device);
    assert_eq!(carry(&ben, turf, &[handed.write()]).await.acked.len(), 1);
    let mut enrolled_later = Author::new().by(DeviceId::from_bytes(fresh()));
    assert_eq!(carry(&ben, turf, &[enrolled_later.write()]).await.acked.len(), 1);
}

#[tokio::test]
async fn a_first_change_that_names_another_author_is_refused() {
    let (_world, turf, [_, ana, ben, _]) = world().await;
    let mut forged = Author::new().by(ana.device);
    assert_eq!(why(&ben.push(turf, &[forged.write()]).await), [RejectReason::ForeignActor]);
}

pub(crate) async fn a_captain_carries_for_canvassers_and_never_in_a_coordinators_name(store: &dyn Whole) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let (carl, cora) = (office.join(Role::Captain, &[]).await, office.join(Role::Captain, &[]).await);
    let (ana, olga) = (office.join(Role::Canvasser, &[turf]).await, office.join(Role::Coordinator, &[]).await);
    let bring = async |by: &Device<'_>, changes: &[Vec<u8>]| {
        by.push_all(vec![DocPush { carries: true, ..doc_push(turf, changes) }]).await.unwrap().remove(0)
    };
    let written = [ana.id, cora.id].map(|device| Author::new().by(device).write());
    assert_eq!(numbers(&bring(&carl, &written).await), [1, 2], "what canvassers and captains wrote");
    let mut said = Author::new().by(olga.id);
    let first = said.write();
    let mut after = Author::new().by(ana.id);
    after.read(std::slice::from_ref(&first));
    let both = [first, after.write()];
    let refused = [RejectReason::ForeignActor, RejectReason::MissingDeps];
    assert_eq!(reasons(&bring(&carl, &both).await), refused, "nor what somebody made on top of it");
    // Her own program brings it, and another coordinator's; then a captain continues it as little as he began it.
    assert_eq!(numbers(&olga.push(turf, &both[..1]).await), [3]);
    assert_eq!(numbers(&bring(&carl, &both).await), [3, 4], "what is there already is acknowledged");
    assert_eq!(reasons(&bring(&carl, &[said.write()]).await), [RejectReason::ForeignActor]);
    let mut handed = Author::new().by(olga.id);
    assert_eq!(numbers(&bring(&office, &[handed.write()]).await), [5]);
    store.revoke(olga.id, NOW).await.unwrap();
    assert_eq!(reasons(&bring(&carl, &[handed.write()]).await), [RejectReason::ForeignActor], "shut out or not");
    // A relay that lost results takes them from whoever still has them.
    store.new_epoch(EPOCH, NOW.plus_ms(1)).await.unwrap();
    let mut lost = Author::new().by(olga.id);
    assert_eq!(numbers(&bring(&carl, &[lost.write()]).await), [6]);
}
