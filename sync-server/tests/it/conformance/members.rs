//! Those who are in: what they may do, who is told of them, and how they leave.

use super::{code, numbers};
use crate::author::Author;
use crate::placeholders::a_campaign_has_so_many_placeholders_and_not_one_more;
use crate::stores::{Device, NOW, Whole, doc_push, enrol, enrolment, found, founding, sha256};
use crate::world::new_doc;
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::member::Role;
use porchlight_model::relay::{RefusalCode, Revocation, ShutOutDone};
use porchlight_model::time::At;
use porchlight_model::wire::{Access, DocKind};
use porchlight_relay::store::{Caller, DocPush, Enrolling, Hearing, Hears, Leaving, Pull, Push, Whose};

on_both_stores![
    each_role_has_its_grants,
    the_roster_tells_who_was_heard,
    a_turf_taken_back_can_be_handed_in,
    what_devices_hear_of_is_read_for_one_or_for_all,
    shutting_out_has_its_rules,
    the_roster_tells_who_revoked_whom_and_when,
    of_two_who_shut_each_other_out_one_stays,
    a_revoked_device_is_served_nothing,
    of_the_last_two_coordinators_one_stays,
    a_campaign_has_so_many_placeholders_and_not_one_more,
];

async fn each_role_has_its_grants(store: &dyn Whole) {
    let office = found(store).await;
    let (one, two) = (office.bear(&[]).await, office.bear(&[]).await);
    let doc = office.reply.campaign_doc;
    for (role, expected) in [
        (Role::Coordinator, vec![(doc, Access::Write), (one, Access::Write), (two, Access::Write)]),
        (Role::Captain, vec![(doc, Access::Read), (one, Access::Write), (two, Access::Write)]),
        (Role::Canvasser, vec![(doc, Access::Read), (two, Access::Write)]),
    ] {
        let device = office.join(role, &[two]).await;
        let list = store.grants(device.id).await.unwrap();
        assert_eq!(list.grants.iter().map(|grant| (grant.doc, grant.access)).collect::<Vec<_>>(), expected);
        let pull = |grants_seen| Pull { device: device.id, grants_seen, feed: 0, docs: Vec::new(), budget: 0 };
        assert_eq!(store.pull(pull(0)).await.unwrap().grants, Some(list.clone()));
        assert_eq!(store.pull(pull(list.number)).await.unwrap().grants, None);
    }
    assert_eq!(code(store.grants(DeviceId::from_bytes([1; 16])).await), RefusalCode::TokenUnknown);
}

async fn the_roster_tells_who_was_heard(store: &dyn Whole) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let ana = office.join(Role::Canvasser, &[turf]).await;
    store.heard(vec![(ana.id, At(50)), (DeviceId::from_bytes([1; 16]), At(9))]).await.unwrap();
    store.heard(vec![(ana.id, At(40))]).await.unwrap();
    let roster = store.roster(office.campaign()).await.unwrap();
    let told: Vec<_> =
        roster.iter().map(|device| (device.device, device.member, device.role, device.docs.clone())).collect();
    let expected = [
        (office.id, office.reply.member, Role::Coordinator, vec![]),
        (ana.id, ana.reply.member, Role::Canvasser, vec![turf]),
    ];
    assert_eq!(told, expected);
    // What a hub asks of it.
    assert_eq!(roster[1].hub_key, Some(ana.token.hub_key()));
    assert_ne!(roster[0].hub_key, roster[1].hub_key);
    assert!(roster[1].lease_until > At(0) && roster[1].hand_in.is_empty());
    assert_eq!((roster[1].name.as_str(), roster[1].last_heard, roster[1].is_revoked), ("Ana", Some(At(50)), false));
    assert!(store.roster(founding().campaign).await.unwrap().is_empty());
}

async fn a_turf_taken_back_can_be_handed_in(store: &dyn Whole) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let (captain, ana) = (office.join(Role::Captain, &[]).await, office.join(Role::Canvasser, &[turf]).await);
    let mut author = Author::new();
    ana.push(turf, &[author.write()]).await;
    assert_eq!(code(store.take_back(ana.caller().await, turf, ana.id).await), RefusalCode::NotAllowed);
    assert_eq!(code(store.take_back(captain.caller().await, turf, captain.id).await), RefusalCode::NotFound);
    assert_eq!(code(store.take_back(captain.caller().await, new_doc(), ana.id).await), RefusalCode::NotFound);
    let before = store.grants(ana.id).await.unwrap().number;
    let hint = store.take_back(captain.caller().await, turf, ana.id).await.unwrap();
    assert_eq!((hint.campaign, hint.by, hint.doc), (office.campaign(), captain.id, None));
    assert!(hint.grants > before);
    store.take_back(captain.caller().await, turf, ana.id).await.unwrap();
    assert_eq!(numbers(&ana.push(turf, &[author.write()]).await), [2]);
    let told = ana.pull(turf, 0).await;
    assert_eq!((told.access, told.changes.len()), (Some(Access::HandIn), 0));
    assert!(ana.pull_all(0, Vec::new(), 0).await.news.is_empty());
    let roster = store.roster(office.campaign()).await.unwrap();
    assert!(roster.iter().all(|device| device.docs.is_empty()));
    let handed_in: Vec<_> = roster.iter().flat_map(|device| device.hand_in.clone()).collect();
    assert_eq!(handed_in, [turf], "a hub takes in what a phone hands in");
    let secret = office.invite(Role::Canvasser, &[turf], 1).await.unwrap();
    store.enrol(Enrolling { device: ana.id, token: ana.token, ..enrolment(secret) }).await.unwrap();
    assert_eq!(ana.pull(turf, 0).await.changes.len(), 2, "handed out again");
}

async fn what_devices_hear_of_is_read_for_one_or_for_all(store: &dyn Whole) {
    let office = found(store).await;
    let (turf, other) = (office.bear(&[]).await, office.bear(&[]).await);
    let captain = office.join(Role::Captain, &[]).await;
    let (ana, ben) = (office.join(Role::Canvasser, &[turf, other]).await, office.join(Role::Canvasser, &[turf]).await);
    let lost = office.join(Role::Canvasser, &[turf]).await;
    let hint = store.revoke(lost.id, NOW).await.unwrap();
    assert_eq!((hint.since < hint.grants, hint.whose), (true, Whose::Device(lost.id)));
    let before = hint.grants;
    let hint = store.take_back(captain.caller().await, other, ana.id).await.unwrap();
    assert_eq!((hint.since, hint.since < hint.grants, hint.whose), (before, true, Whose::Device(ana.id)));
    // Another campaign is none of theirs.
    found(store).await;
    let docs = |docs: &[DocId]| Hears::Docs(docs.iter().copied().chain([office.reply.campaign_doc]).collect());
    let told = [
        (office.id, Hears::Everything),
        (captain.id, Hears::Everything),
        (ana.id, docs(&[turf])),
        (ben.id, docs(&[turf])),
    ];
    let all = store.hearing(office.campaign(), None).await.unwrap();
    assert_eq!(all, Hearing { grants: hint.grants, devices: told.clone().into() });
    for (device, hears) in told {
        let one = store.hearing(office.campaign(), Some(device)).await.unwrap();
        assert_eq!(one, Hearing { grants: hint.grants, devices: [(device, hears)].into() });
    }
    assert!(store.hearing(office.campaign(), Some(lost.id)).await.unwrap().devices.is_empty());
    // A birth changes nobody's grants but of those who hear of everything; several in a push are told as one.
    let born = [new_doc(), new_doc()].map(|doc| DocPush { born: Some(DocKind::Turf), ..doc_push(doc, &[]) });
    let push = Push { device: office.id, docs: born.into(), now: NOW };
    let pushed = store.push(push).await.unwrap();
    let [born] = pushed.hints.as_slice() else { panic!("{:?}", pushed.hints) };
    assert_eq!((born.since, born.since < born.grants, born.whose), (hint.grants, true, Whose::Nobody));
    assert_eq!(store.grants(office.id).await.unwrap().number, born.grants);
}

async fn shutting_out_has_its_rules(store: &dyn Whole) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let (other, captain) = (office.join(Role::Coordinator, &[]).await, office.join(Role::Captain, &[]).await);
    let (ana, ben) = (office.join(Role::Canvasser, &[turf]).await, office.join(Role::Canvasser, &[turf]).await);
    let elsewhere = found(store).await;
    let shut_out = async |by: Caller, who: &Device<'_>| store.shut_out(by, who.id, NOW).await;
    // Captains shut out canvassers, coordinators everyone, and nobody themselves or someone of another campaign.
    for who in [&office, &other, &captain] {
        assert_eq!(code(shut_out(captain.caller().await, who).await), RefusalCode::NotAllowed);
    }
    for who in [&ana, &ben, &office] {
        assert_eq!(code(shut_out(ana.caller().await, who).await), RefusalCode::NotAllowed);
    }
    assert_eq!(code(shut_out(office.caller().await, &office).await), RefusalCode::NotAllowed);
    assert_eq!(code(shut_out(office.caller().await, &elsewhere).await), RefusalCode::NotFound);
    assert_eq!(
        code(store.shut_out(office.caller().await, DeviceId::from_bytes([1; 16]), NOW).await),
        RefusalCode::NotFound
    );
    assert!(store.roster(office.campaign()).await.unwrap().iter().all(|device| !device.is_revoked));

    let (done, hint) = shut_out(captain.caller().await, &ana).await.unwrap();
    assert_eq!(done, ShutOutDone { is_news: true, n_invites: 0 });
    let hint = hint.unwrap();
    assert_eq!((hint.by, hint.whose, hint.since < hint.grants), (captain.id, Whose::Device(ana.id), true));
    assert!(ana.caller().await.is_revoked && !ben.caller().await.is_revoked);
    // Again it is no error, and changes nothing.
    let again = shut_out(captain.caller().await, &ana).await.unwrap();
    assert_eq!(again, (ShutOutDone { is_news: false, n_invites: 0 }, None));
    assert_eq!(store.grants(office.id).await.unwrap().number, hint.grants);

    // Of a captain's links those that are open are void from then on.
    let open = captain.invite(Role::Canvasser, &[turf], 2).await.unwrap();
    let used = captain.invite(Role::Canvasser, &[turf], 1).await.unwrap();
    store.enrol(enrolment(used)).await.unwrap();
    let caller = captain.caller().await;
    let (done, _) = shut_out(other.caller().await, &captain).await.unwrap();
    assert_eq!(done, ShutOutDone { is_news: true, n_invites: 1 });
    assert_eq!(code(store.look(open, NOW).await), RefusalCode::InviteExpired);
    // The role counts as it is when the device is shut out, not as it was when the request came.
    assert_eq!(code(shut_out(caller, &ben).await), RefusalCode::Revoked);
    let (done, _) = shut_out(office.caller().await, &other).await.unwrap();
    assert!(done.is_news);
}

async fn of_two_who_shut_each_other_out_one_stays(store: &dyn Whole) {
    let office = found(store).await;
    for _ in 0..5 {
        let other = office.join(Role::Coordinator, &[]).await;
        let third = office.join(Role::Coordinator, &[]).await;
        let (a, b) = (other.caller().await, third.caller().await);
        let (one, two) = tokio::join!(store.shut_out(a, third.id, NOW), store.shut_out(b, other.id, NOW));
        assert_ne!(one.is_ok(), two.is_ok(), "{one:?} {two:?}");
        assert_eq!(code(if one.is_ok() { two } else { one }), RefusalCode::Revoked);
    }
}

async fn a_revoked_device_is_served_nothing(store: &dyn Whole) {
    let office = found(store).await;
    let secret = office.invite(Role::Captain, &[], 1).await.unwrap();
    let ask = enrolment(secret);
    let lost = enrol(store, ask.clone()).await.unwrap();
    let turf = office.bear(&[]).await;
    let caller = lost.caller().await;
    let before = store.grants(office.id).await.unwrap().number;
    store.revoke(lost.id, NOW).await.unwrap();
    assert!(store.grants(office.id).await.unwrap().number > before);
    assert!(lost.caller().await.is_revoked);
    let pull = Pull { device: lost.id, grants_seen: 0, feed: 0, docs: Vec::new(), budget: 0 };
    assert_eq!(code(lost.push_all(vec![doc_push(turf, &[Author::new().write()])]).await), RefusalCode::Revoked);
    assert_eq!(code(store.pull(pull).await), RefusalCode::Revoked);
    assert_eq!(code(store.grants(lost.id).await), RefusalCode::Revoked);
    assert_eq!(code(store.pack(caller, sha256(b"x"), 0..1).await), RefusalCode::Revoked);
    assert_eq!(code(store.take_back(caller, turf, lost.id).await), RefusalCode::Revoked);
    assert_eq!(code(store.enrol(ask).await), RefusalCode::Revoked);
    assert_eq!(code(store.revoke(DeviceId::from_bytes([1; 16]), NOW).await), RefusalCode::NotFound);
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().last, 0);
}

async fn of_the_last_two_coordinators_one_stays(store: &dyn Whole) {
    let office = found(store).await;
    let other = office.join(Role::Coordinator, &[]).await;
    office.join(Role::Captain, &[]).await;
    let leaving = |device| Leaving { device, counts_on_others: true, now: NOW };
    let (one, two) = tokio::join!(store.leave(leaving(office.id)), store.leave(leaving(other.id)));
    assert_ne!(one.is_ok(), two.is_ok(), "{one:?} {two:?}");
    let (left, stays) = if one.is_ok() { (&office, &other) } else { (&other, &office) };
    assert!(left.caller().await.is_revoked && !stays.caller().await.is_revoked);
    assert_eq!(code(store.leave(leaving(stays.id)).await), RefusalCode::NotAllowed);
    assert!(!stays.caller().await.is_revoked);
    // One whose lease is over is nobody to count on.
    let away = stays.join(Role::Coordinator, &[]).await;
    let later = Leaving { now: NOW.plus_ms(1_000_000_000_000), ..leaving(stays.id) };
    assert_eq!(code(store.leave(later).await), RefusalCode::NotAllowed);
    // Whoever has everything in files counts on nobody.
    store.leave(leaving(away.id)).await.unwrap();
    store.leave(Leaving { counts_on_others: false, ..leaving(stays.id) }).await.unwrap();
    assert!(stays.caller().await.is_revoked);
}

async fn the_roster_tells_who_revoked_whom_and_when(store: &dyn Whole) {
    let office = found(store).await;
    let captain = office.join(Role::Captain, &[]).await;
    let (ana, ben) = (office.join(Role::Canvasser, &[]).await, office.join(Role::Canvasser, &[]).await);
    let told = async |of: &Device<'_>| {
        let roster = store.roster(office.campaign()).await.unwrap();
        let device = roster.into_iter().find(|device| device.device == of.id).unwrap();
        assert_eq!(device.is_revoked, device.revocation.is_some());
        device.revocation
    };
    let name = store.roster(office.campaign()).await.unwrap().remove(0).name;
    let [first, second, third, later] = [1, 2, 3, 4].map(|ms| NOW.plus_ms(ms));
    let by = |device: &Device<'_>, at| Some(Revocation { at, by: Some(device.id), by_name: name.clone() });
    for device in [&office, &captain, &ana, &ben] {
        assert_eq!(told(device).await, None);
    }
    store.shut_out(captain.caller().await, ana.id, first).await.unwrap();
    assert_eq!(told(&ana).await, by(&captain, first));
    store.leave(Leaving { device: ben.id, counts_on_others: false, now: second }).await.unwrap();
    assert_eq!(told(&ben).await, by(&ben, second), "whoever leaves does so itself");
    store.revoke(captain.id, third).await.unwrap();
    let by_operator = Some(Revocation { at: third, by: None, by_name: String::new() });
    assert_eq!(told(&captain).await, by_operator);
    // The first time counts.
    for device in [&ana, &captain] {
        store.revoke(device.id, later).await.unwrap();
        store.shut_out(office.caller().await, device.id, later).await.unwrap();
    }
    assert_eq!((told(&ana).await, told(&captain).await), (by(&captain, first), by_operator));
    assert_eq!(told(&office).await, None);
}
