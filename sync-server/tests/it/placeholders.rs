//! Placeholders for devices that a restored store does not know, and the changes of theirs that others deliver: cases for both stores.

use crate::author::Author;
use crate::conformance::{code, numbers, why};
use crate::stores::{Device, EPOCH, NOW, Whole, doc_push, enrol, enrolment, found};
use crate::world::fresh;
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::member::Role;
use porchlight_model::relay::RefusalCode;
use porchlight_model::wire::{Access, RejectReason};
use porchlight_relay::limits::MAX_PLACEHOLDERS;
use porchlight_relay::store::{DocPush, DocPushed, Enrolling, Placeholder, Push};

async fn carry(by: &Device<'_>, doc: DocId, changes: &[Vec<u8>]) -> DocPushed {
    by.push_all(vec![DocPush { carries: true, ..doc_push(doc, changes) }]).await.unwrap().remove(0)
}

fn there(device: DeviceId) -> Placeholder {
    Placeholder { device, is_revoked: false }
}

fn unknown() -> DeviceId {
    DeviceId::from_bytes(fresh())
}

pub(crate) async fn what_unknown_devices_wrote_comes_back_while_the_store_recovers(store: &dyn Whole) {
    let office = found(store).await;
    let carl = office.join(Role::Captain, &[]).await;
    let (turf, other_turf) = (office.bear(&[]).await, office.bear(&[]).await);
    let (ana, eve) = (office.join(Role::Canvasser, &[turf]).await, office.join(Role::Canvasser, &[]).await);
    let (gone, roster) = (unknown(), store.roster(office.campaign()).await.unwrap());
    let mut lost = Author::new().by(gone);
    let first = lost.write();
    let mut after = Author::new().by(ana.id);
    after.read(std::slice::from_ref(&first));
    let both = [first, after.write()];
    let refused = [RejectReason::ForeignActor, RejectReason::MissingDeps];
    for by in [&ana, &carl, &office] {
        assert_eq!(
            why(&carry(by, turf, &both[..1]).await),
            refused[..1],
            "nobody brings them while it does not recover"
        );
    }
    assert_eq!(why(&carry(&ana, turf, &both).await), refused);

    store.new_epoch(EPOCH, NOW.plus_ms(1)).await.unwrap();
    assert_eq!(why(&ana.push(turf, &both).await), refused, "unless it is said to be carried");
    assert_eq!(carry(&eve, turf, &both).await, DocPushed::default(), "who was not handed the turf brings nothing");
    assert_eq!(store.placeholders(office.campaign()).await.unwrap(), [], "what was refused left no trace");
    assert_eq!(numbers(&carry(&ana, turf, &both).await), [1, 2]);
    assert_eq!(numbers(&carry(&ana, turf, &both).await), [1, 2], "and may be sent again");
    assert_eq!(numbers(&carry(&carl, turf, &[lost.write()]).await), [3], "the chain is the same");
    assert_eq!(why(&ana.push(turf, &[lost.write()]).await), [RejectReason::ForeignActor]);

    // A placeholder has no member and no grant, and does not exist in another campaign.
    assert_eq!(store.placeholders(office.campaign()).await.unwrap(), [there(gone)]);
    assert_eq!(store.roster(office.campaign()).await.unwrap(), roster);
    assert_eq!(store.grants(gone).await.unwrap().grants.iter().filter(|grant| grant.doc == turf).count(), 0);
    let strangers = found(store).await;
    let their_turf = strangers.bear(&[]).await;
    let mut same_id = Author::new().by(gone);
    assert_eq!(why(&carry(&strangers, their_turf, &[same_id.write()]).await), [RejectReason::ForeignActor]);
    let mut said = Author::new().by(unknown());
    let campaign_doc = office.reply.campaign_doc;
    assert_eq!(why(&carry(&carl, campaign_doc, &[said.write()]).await), [RejectReason::ReadOnly]);
    let mut began = Author::new().by(unknown());
    assert_eq!(
        numbers(&carry(&office, campaign_doc, &[began.write()]).await),
        [1],
        "a coordinator's device may be gone, too"
    );

    // Afterwards only captains and coordinators deliver more of its changes, by file, and nobody those of other unknown devices.
    store.new_epoch(EPOCH, NOW).await.unwrap();
    let mut late = Author::new().by(gone);
    let late = [late.write()];
    assert_eq!(why(&carry(&ana, turf, &late).await), [RejectReason::ForeignActor]);
    assert_eq!(numbers(&carry(&carl, turf, &late).await), [4]);
    let mut elsewhere = Author::new().by(gone);
    assert_eq!(numbers(&carry(&carl, other_turf, &[elsewhere.write()]).await), [1]);
    let mut claimed = Author::new().by(gone);
    assert_eq!(why(&carry(&office, campaign_doc, &[claimed.write()]).await), [RejectReason::ForeignActor]);
    let mut invented = Author::new().by(unknown());
    assert_eq!(why(&carry(&office, turf, &[invented.write()]).await), [RejectReason::ForeignActor]);
}

pub(crate) async fn who_had_a_turf_that_the_store_has_forgotten_to_have_handed_out_hands_in(store: &dyn Whole) {
    let office = found(store).await;
    let (dee, eve) = (office.join(Role::Canvasser, &[]).await, office.join(Role::Canvasser, &[]).await);
    let mut turf = Author::new().by(office.id);
    let born = [turf.born()];
    let doc = office.bear(&born).await;
    let campaign_doc = office.reply.campaign_doc;
    let strangers = found(store).await;
    let mut theirs = Author::new().by(strangers.id);
    let their_doc = strangers.bear(&[theirs.born()]).await;
    let of_theirs = [theirs.fork().by(dee.id).write()];
    let mut had = turf.fork().by(dee.id);
    let (first, second) = (had.write(), had.write());
    let guess = [Author::new().by(eve.id).write()];
    assert_eq!(
        dee.push(doc, std::slice::from_ref(&first)).await,
        DocPushed::default(),
        "not while it does not recover"
    );

    store.new_epoch(EPOCH, NOW.plus_ms(1)).await.unwrap();
    assert_eq!(eve.push(doc, &guess).await, DocPushed::default(), "who names nothing of it never had it");
    assert_eq!(dee.push(their_doc, &of_theirs).await, DocPushed::default(), "another campaign's");
    assert_eq!(why(&dee.push(campaign_doc, std::slice::from_ref(&first)).await), [RejectReason::ReadOnly]);
    let before = store.grants(dee.id).await.unwrap();
    assert_eq!(numbers(&dee.push(doc, std::slice::from_ref(&first)).await), [2]);
    let after = store.grants(dee.id).await.unwrap();
    assert!(after.number > before.number, "the device hears of it with this reply");
    let granted = after.grants.iter().find(|grant| grant.doc == doc).unwrap();
    assert_eq!(granted.access, Access::HandIn, "it is told nothing of it");
    assert!(store.grants(eve.id).await.unwrap().grants.iter().all(|grant| grant.doc != doc));
    // As with any turf that was taken back, the rest may be delivered later.
    store.new_epoch(EPOCH, NOW).await.unwrap();
    assert_eq!(numbers(&dee.push(doc, &[second]).await), [3]);
    // Listeners are notified only of the change, because no turf was created.
    store.new_epoch(EPOCH, NOW.plus_ms(1)).await.unwrap();
    let third = [turf.fork().by(eve.id).write()];
    let pushed = store.push(Push { device: eve.id, docs: vec![doc_push(doc, &third)], now: NOW }).await.unwrap();
    assert_eq!(pushed.docs[0].acked.len(), 1);
    let told: Vec<_> = pushed.hints.iter().map(|hint| hint.doc.map(|(doc, _)| doc)).collect();
    assert_eq!(told, [Some(doc)]);
}

pub(crate) async fn nobody_enrols_as_a_device_that_only_its_changes_tell_of(store: &dyn Whole) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let gone = unknown();
    store.new_epoch(EPOCH, NOW.plus_ms(1)).await.unwrap();
    let written = [Author::new().by(gone).write()];
    assert_eq!(numbers(&carry(&office, turf, &written).await), [1]);
    let secret = office.invite(Role::Canvasser, &[turf], 2).await.unwrap();
    let ask = enrolment(secret);
    let claims = Enrolling { device: gone, ..ask.clone() };
    assert_eq!(code(store.enrol(claims).await), RefusalCode::TokenUnknown);
    // With a new id it is admitted, and delivers what it wrote under the old one as another device's changes.
    let ana = enrol(store, ask).await.unwrap();
    let more = [Author::new().by(gone).write()];
    assert_eq!(why(&ana.push(turf, &more).await), [RejectReason::ForeignActor]);
    assert_eq!(numbers(&carry(&ana, turf, &more).await), [2]);
    store.revoke(gone, NOW).await.unwrap();
    assert_eq!(store.placeholders(office.campaign()).await.unwrap(), [Placeholder { is_revoked: true, ..there(gone) }]);
}

pub(crate) async fn a_campaign_has_so_many_placeholders_and_not_one_more(store: &dyn Whole) {
    let office = found(store).await;
    store.new_epoch(EPOCH, NOW.plus_ms(1)).await.unwrap();
    let most = usize::try_from(MAX_PLACEHOLDERS).unwrap();
    let mut changes: Vec<_> = (0..=most).map(|_| Author::new().by(unknown()).write()).collect();
    let above = changes.split_off(most);
    let [turf, other_turf] = [office.bear(&[]).await, office.bear(&[]).await];
    let (some, rest) = changes.split_at(most / 2);
    let push = |doc, changes: &[Vec<u8>]| DocPush { carries: true, ..doc_push(doc, changes) };
    let pushed = office.push_all(vec![push(turf, some), push(other_turf, &[rest, &above].concat())]).await.unwrap();
    let n_taken: Vec<_> = pushed.iter().map(|pushed| pushed.acked.len()).collect();
    assert_eq!(n_taken, [some.len(), rest.len()]);
    assert_eq!(why(&pushed[1]), [RejectReason::ForeignActor]);
    assert_eq!(why(&carry(&office, turf, &above).await), [RejectReason::ForeignActor]);
    assert_eq!(store.placeholders(office.campaign()).await.unwrap().len(), most);
}
