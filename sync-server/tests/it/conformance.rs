//! Conformance cases that run on both stores. Each case has its own empty store.

use crate::author::{Author, hash, hashes};
use crate::forget::{
    only_coordinators_forget_turf_of_their_own, what_is_forgotten_leaves_nothing_but_its_id,
    what_is_forgotten_under_way_stays_forgotten,
};
use crate::placeholders::{
    a_campaign_has_so_many_placeholders_and_not_one_more, nobody_enrols_as_a_device_that_only_its_changes_tell_of,
    what_unknown_devices_wrote_comes_back_while_the_store_recovers,
    who_had_a_turf_that_the_store_has_forgotten_to_have_handed_out_hands_in,
};
use crate::stores::{
    self, Device, EPOCH, NOW, TestStore, doc_pull, doc_push, enrol, enrolment, found, founding, founding_invite,
    fresh_hash, sha256,
};
use crate::world::new_doc;
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::member::Role;
use porchlight_model::relay::{RefusalCode, ShutOutDone};
use porchlight_model::time::At;
use porchlight_model::wire::{Access, DocKind, HeadsDigest, MAX_HEADS_PER_DEVICE, RejectReason};
use porchlight_relay::limits::{MAX_NEWS, RENEW_AFTER_MS};
use porchlight_relay::store::{
    Caller, DocPull, DocPush, DocPushed, Enrolment, Hearing, Hears, Leaving, NewInvite, Pull, Push, Store, StoreError,
    Whose, Withdrawal,
};
use std::collections::BTreeSet;

/// Generates a test of each case for each store.
macro_rules! on_both_stores {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let kept = super::stores::sqlite().await;
                super::$case(&*kept.store).await;
                super::ends_well(kept).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let kept = super::stores::postgres().await;
                super::$case(&*kept.store).await;
                super::ends_well(kept).await;
            })*
        }
    };
}

on_both_stores![
    an_enrolment_sent_again_gives_the_same_answer_and_uses_up_nothing,
    an_invite_is_good_for_its_uses_and_its_time,
    devices_that_use_an_invite_at_once_share_its_uses,
    open_invites_are_listed_with_who_used_them,
    a_founding_invite_counts_until_it_is_used_or_over,
    a_withdrawn_invite_lets_nobody_in,
    invites_of_a_revoked_device_let_nobody_in,
    what_exists_is_not_founded_again,
    another_invite_adds_turf_and_raises_the_role,
    an_invite_hands_out_turf_of_its_campaign_only,
    each_role_has_its_grants,
    numbers_count_without_gaps_and_a_push_may_be_repeated,
    pushes_at_once_count_without_gaps,
    what_breaks_a_rule_is_rejected_alone,
    a_push_renews_the_lease,
    a_change_of_a_long_log_is_known_again,
    only_some_may_make_documents,
    a_log_is_told_in_pages,
    a_cursor_of_another_life_starts_over,
    what_was_just_pushed_and_known_heads_are_left_out,
    news_is_told_by_feed,
    news_comes_in_pages_without_a_gap,
    receipts_rise_and_make_news,
    the_roster_tells_who_was_heard,
    snapshots_stand_for_the_beginning_of_a_log,
    packs_are_told_in_parts_to_those_who_hear_of_their_documents,
    carrying_has_its_rules,
    what_unknown_devices_wrote_comes_back_while_the_store_recovers,
    who_had_a_turf_that_the_store_has_forgotten_to_have_handed_out_hands_in,
    nobody_enrols_as_a_device_that_only_its_changes_tell_of,
    a_campaign_has_so_many_placeholders_and_not_one_more,
    a_device_has_so_many_heads_and_not_one_more,
    a_turf_taken_back_can_be_handed_in,
    what_devices_hear_of_is_read_for_one_or_for_all,
    shutting_out_has_its_rules,
    of_two_who_shut_each_other_out_one_stays,
    a_revoked_device_is_served_nothing,
    of_the_last_two_coordinators_one_stays,
    a_new_epoch_is_told,
    what_is_forgotten_leaves_nothing_but_its_id,
    only_coordinators_forget_turf_of_their_own,
    what_is_forgotten_under_way_stays_forgotten,
];

async fn ends_well(kept: TestStore) {
    kept.store.check().await.unwrap();
    for _ in 0..2 {
        kept.store.check_writing().await.unwrap();
        kept.store.check_room().await.unwrap();
    }
    kept.store.close().await.unwrap();
    assert!(matches!(kept.store.check().await, Err(StoreError::Unavailable(_))), "a closed store is unavailable");
    assert!(matches!(
        kept.store.push(Push { device: DeviceId::from_bytes([0; 16]), docs: Vec::new(), now: NOW }).await,
        Err(StoreError::Unavailable(_))
    ));
}

/// Why a store refused.
pub(crate) fn code<T>(result: Result<T, StoreError>) -> RefusalCode {
    match result {
        Err(StoreError::Refused(_, code)) => code,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was not refused"),
    }
}

pub(crate) fn why(pushed: &DocPushed) -> Vec<RejectReason> {
    pushed.rejected.iter().map(|rejected| rejected.why).collect()
}

pub(crate) fn numbers(pushed: &DocPushed) -> Vec<u64> {
    pushed.acked.iter().map(|acked| acked.n).collect()
}

async fn an_enrolment_sent_again_gives_the_same_answer_and_uses_up_nothing(store: &dyn Store) {
    let office = found(store).await;
    let secret = office.invite(Role::Canvasser, &[], 2).await.unwrap();
    let ask = enrolment(secret);
    let (first, hint) = store.enrol(ask.clone()).await.unwrap();
    assert_eq!((first.campaign, first.role, hint.by), (office.campaign(), Role::Canvasser, ask.device));
    for _ in 0..3 {
        assert_eq!(store.enrol(ask.clone()).await.unwrap().0, first);
    }
    let caller = store.caller(ask.token).await.unwrap().unwrap();
    assert_eq!(
        (caller.device, caller.campaign, caller.role, caller.is_revoked),
        (ask.device, office.campaign(), Role::Canvasser, false)
    );
    assert_eq!(store.caller(fresh_hash()).await.unwrap(), None);
    // Neither the same device with another token nor another device with the same token is admitted.
    let other_token = Enrolment { token: fresh_hash(), ..ask.clone() };
    assert_eq!(code(store.enrol(other_token).await), RefusalCode::TokenUnknown);
    let other_device = Enrolment { token: ask.token, ..enrolment(secret) };
    assert_eq!(code(store.enrol(other_device).await), RefusalCode::NotAllowed);
    // An existing member is not duplicated.
    let same_member = Enrolment { member: ask.member, ..enrolment(secret) };
    let other = store.enrol(same_member.clone()).await.unwrap().0;
    assert_eq!(other.member, same_member.other_member);
}

async fn an_invite_is_good_for_its_uses_and_its_time(store: &dyn Store) {
    let office = found(store).await;
    let secret = office.invite(Role::Captain, &[], 1).await.unwrap();
    let look = store.look(secret, NOW).await.unwrap();
    assert_eq!(
        (look.role, look.campaign.as_deref(), look.label.as_str()),
        (Role::Captain, Some("Library"), "Riverside")
    );
    assert_eq!(code(store.look(secret, look.expires_at).await), RefusalCode::InviteExpired);
    let late = Enrolment { now: look.expires_at, ..enrolment(secret) };
    assert_eq!(code(store.enrol(late).await), RefusalCode::InviteExpired);
    let ask = enrolment(secret);
    store.enrol(ask.clone()).await.unwrap();
    assert_eq!(code(store.look(secret, NOW).await), RefusalCode::InviteUsed);
    assert_eq!(code(store.enrol(enrolment(secret)).await), RefusalCode::InviteUsed);
    // A device that used it may retry, even after it has expired.
    store.enrol(Enrolment { now: look.expires_at.plus_ms(1), ..ask }).await.unwrap();
    assert_eq!(code(store.enrol(enrolment(fresh_hash())).await), RefusalCode::InviteUnknown);
    assert_eq!(code(store.look(fresh_hash(), NOW).await), RefusalCode::InviteUnknown);
}

async fn devices_that_use_an_invite_at_once_share_its_uses(store: &dyn Store) {
    let office = found(store).await;
    let secret = office.invite(Role::Canvasser, &[], 3).await.unwrap();
    let all = (0..12).map(|_| store.enrol(enrolment(secret)));
    let (joined, refused): (Vec<_>, Vec<_>) =
        futures_util::future::join_all(all).await.into_iter().partition(Result::is_ok);
    assert_eq!((joined.len(), refused.len()), (3, 9));
    assert!(refused.into_iter().all(|result| code(result) == RefusalCode::InviteUsed));
    // One device that sends the request several times at once gets the same answer each time.
    let secret = office.invite(Role::Canvasser, &[], 1).await.unwrap();
    let ask = enrolment(secret);
    let answers = futures_util::future::join_all((0..8).map(|_| store.enrol(ask.clone()))).await;
    let answers: Vec<_> = answers.into_iter().map(|answer| answer.unwrap().0).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

async fn open_invites_are_listed_with_who_used_them(store: &dyn Store) {
    let (office, other) = (found(store).await, found(store).await);
    let turf = office.bear(&[]).await;
    let list = async || store.open_invites(office.campaign(), NOW).await.unwrap();
    assert_eq!(list().await, [], "the founding invite is nobody's any more");
    other.invite(Role::Canvasser, &[], 1).await.unwrap();
    let (captains, turfs) = (
        office.invite(Role::Captain, &[], 1).await.unwrap(),
        office.invite(Role::Canvasser, &[turf], 2).await.unwrap(),
    );
    let ana = enrolment(turfs);
    store.enrol(ana.clone()).await.unwrap();
    store.enrol(ana.clone()).await.unwrap();
    let listed = list().await;
    let told: Vec<_> = listed
        .iter()
        .map(|open| (open.role, open.docs.as_slice(), open.uses, open.used_by.as_slice(), open.label.as_str()))
        .collect();
    let (name, none) = ([ana.name.clone()], []);
    assert_eq!(
        told,
        [
            (Role::Canvasser, [turf].as_slice(), 2, name.as_slice(), "Riverside"),
            (Role::Captain, &[], 1, none.as_slice(), "Riverside")
        ],
        "the newest first"
    );
    for open in &listed {
        assert_eq!((open.made_by, open.made_at), (Some(office.id), Some(NOW)));
        assert_eq!((open.by_name.is_empty(), open.expires_at), (false, NOW.plus_ms(60_000)));
    }
    // A used or expired invite is not open.
    store.enrol(enrolment(turfs)).await.unwrap();
    assert_eq!(list().await.len(), 1);
    store.enrol(enrolment(captains)).await.unwrap();
    assert_eq!(list().await, []);
    office.invite(Role::Captain, &[], 1).await.unwrap();
    assert_eq!(store.open_invites(office.campaign(), NOW.plus_ms(60_000)).await.unwrap(), []);
    // The operator also makes invites.
    let made = NewInvite { campaign: Some(office.campaign()), ..founding_invite() };
    store.invite(made.clone()).await.unwrap();
    let open = list().await.remove(0);
    assert_eq!((open.id, open.made_by, open.by_name.as_str()), (made.id, None, ""));
}

async fn a_founding_invite_counts_until_it_is_used_or_over(store: &dyn Store) {
    let until = async |now| store.founding_until(now).await.unwrap();
    assert_eq!(until(NOW).await, None);
    let invite = founding_invite();
    store.invite(invite.clone()).await.unwrap();
    store.invite(NewInvite { expires_at: NOW.plus_ms(1), ..founding_invite() }).await.unwrap();
    assert_eq!(until(NOW).await, Some(invite.expires_at));
    assert_eq!(until(invite.expires_at).await, None);
    let office = Enrolment { founding: Some(founding()), ..enrolment(invite.secret) };
    store.enrol(office).await.unwrap();
    assert_eq!(until(NOW).await, Some(NOW.plus_ms(1)));
    assert_eq!(until(NOW.plus_ms(1)).await, None);
}

async fn a_withdrawn_invite_lets_nobody_in(store: &dyn Store) {
    let office = found(store).await;
    let captain = office.join(Role::Captain, &[]).await;
    let canvasser = office.join(Role::Canvasser, &[]).await;
    let secret = office.invite(Role::Canvasser, &[], 3).await.unwrap();
    let ana = enrolment(secret);
    let answer = store.enrol(ana.clone()).await.unwrap().0;
    let invite = store.open_invites(office.campaign(), NOW).await.unwrap()[0].id;
    let of = |by| Withdrawal { campaign: office.campaign(), invite, by, now: NOW };
    assert_eq!(code(store.withdraw(of(Some(canvasser.id))).await), RefusalCode::NotAllowed);
    let elsewhere = found(store).await;
    let foreign = Withdrawal { campaign: elsewhere.campaign(), ..of(Some(elsewhere.id)) };
    assert_eq!(code(store.withdraw(foreign).await), RefusalCode::InviteUnknown);
    store.look(secret, NOW).await.unwrap();
    for _ in 0..2 {
        store.withdraw(of(Some(captain.id))).await.unwrap();
        assert_eq!(code(store.look(secret, NOW).await), RefusalCode::InviteExpired);
        assert_eq!(code(store.enrol(enrolment(secret)).await), RefusalCode::InviteExpired);
        assert_eq!(store.open_invites(office.campaign(), NOW).await.unwrap(), []);
    }
    assert_eq!(store.enrol(ana).await.unwrap().0, answer, "who had used it stays");
    // A captain withdraws what a captain may make; the operator withdraws everything.
    office.invite(Role::Captain, &[], 1).await.unwrap();
    let invite = store.open_invites(office.campaign(), NOW).await.unwrap()[0].id;
    let of = |by| Withdrawal { campaign: office.campaign(), invite, by, now: NOW };
    assert_eq!(code(store.withdraw(of(Some(captain.id))).await), RefusalCode::NotAllowed);
    store.withdraw(of(None)).await.unwrap();
    assert_eq!(store.open_invites(office.campaign(), NOW).await.unwrap(), []);
}

async fn invites_of_a_revoked_device_let_nobody_in(store: &dyn Store) {
    let office = found(store).await;
    let captain = office.join(Role::Captain, &[]).await;
    let secret = captain.invite(Role::Canvasser, &[], 2).await.unwrap();
    let ana = enrolment(secret);
    let answer = store.enrol(ana.clone()).await.unwrap().0;
    store.revoke(captain.id).await.unwrap();
    assert_eq!(store.open_invites(office.campaign(), NOW).await.unwrap(), []);
    assert_eq!(code(store.look(secret, NOW).await), RefusalCode::InviteExpired);
    assert_eq!(code(store.enrol(enrolment(secret)).await), RefusalCode::InviteExpired);
    assert_eq!(store.enrol(ana).await.unwrap().0, answer);
}

async fn what_exists_is_not_founded_again(store: &dyn Store) {
    let office = found(store).await;
    assert_eq!(store.campaigns().await.unwrap(), [office.campaign()]);
    let invite = NewInvite { uses: 9, ..founding_invite() };
    store.invite(invite.clone()).await.unwrap();
    let mut again = founding();
    again.campaign = office.campaign();
    let ask = Enrolment { founding: Some(again), ..enrolment(invite.secret) };
    assert_eq!(code(store.enrol(ask).await), RefusalCode::NotAllowed);
    let mut same_doc = founding();
    same_doc.doc = office.reply.campaign_doc;
    let ask = Enrolment { founding: Some(same_doc), ..enrolment(invite.secret) };
    assert_eq!(code(store.enrol(ask).await), RefusalCode::NotAllowed);
    assert_eq!(code(store.enrol(enrolment(invite.secret)).await), RefusalCode::Malformed);
    let into = office.invite(Role::Captain, &[], 1).await.unwrap();
    let ask = Enrolment { founding: Some(founding()), ..enrolment(into) };
    assert_eq!(code(store.enrol(ask).await), RefusalCode::Malformed);
    let ask =
        Enrolment { founding: Some(founding()), device: office.id, token: office.token, ..enrolment(invite.secret) };
    assert_eq!(code(store.enrol(ask).await), RefusalCode::NotAllowed);
    let second = Enrolment { founding: Some(founding()), ..enrolment(invite.secret) };
    let second = enrol(store, second).await.unwrap();
    assert_eq!(store.campaigns().await.unwrap(), [office.campaign(), second.campaign()]);
    let elsewhere = second.invite(Role::Captain, &[], 1).await.unwrap();
    let ask = Enrolment { device: office.id, token: office.token, ..enrolment(elsewhere) };
    assert_eq!(code(store.enrol(ask).await), RefusalCode::NotAllowed);
}

async fn another_invite_adds_turf_and_raises_the_role(store: &dyn Store) {
    let office = found(store).await;
    let (one, two) = (office.bear(&[]).await, office.bear(&[]).await);
    let ana = office.join(Role::Canvasser, &[one]).await;
    let before = store.grants(ana.id).await.unwrap();
    let secret = office.invite(Role::Canvasser, &[two], 1).await.unwrap();
    let again = Enrolment { device: ana.id, token: ana.token, ..enrolment(secret) };
    let (reply, hint) = store.enrol(again).await.unwrap();
    assert_eq!((reply.member, reply.role), (ana.reply.member, Role::Canvasser));
    let after = store.grants(ana.id).await.unwrap();
    assert!(after.number > before.number && hint.grants == after.number);
    assert_eq!(ana.granted().await, [office.reply.campaign_doc, one, two]);
    assert_eq!((ana.reply.docs.clone(), reply.docs), (vec![one], vec![one, two]), "what it was handed is told at once");
    for (role, becomes) in [(Role::Captain, Role::Captain), (Role::Canvasser, Role::Captain)] {
        let secret = office.invite(role, &[], 1).await.unwrap();
        let again = Enrolment { device: ana.id, token: ana.token, ..enrolment(secret) };
        assert_eq!(store.enrol(again).await.unwrap().0.role, becomes);
    }
}

async fn an_invite_hands_out_turf_of_its_campaign_only(store: &dyn Store) {
    let (office, elsewhere) = (found(store).await, found(store).await);
    let foreign = elsewhere.bear(&[]).await;
    for doc in [foreign, new_doc(), office.reply.campaign_doc] {
        assert_eq!(code(office.invite(Role::Canvasser, &[doc], 1).await), RefusalCode::NotFound);
    }
    let nowhere = NewInvite { campaign: Some(founding().campaign), ..founding_invite() };
    assert_eq!(code(store.invite(nowhere).await), RefusalCode::NotFound);
    let turf = office.bear(&[]).await;
    let ana = office.join(Role::Canvasser, &[turf, turf]).await;
    assert_eq!(ana.granted().await, [office.reply.campaign_doc, turf]);
}

async fn each_role_has_its_grants(store: &dyn Store) {
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

async fn numbers_count_without_gaps_and_a_push_may_be_repeated(store: &dyn Store) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let mut author = Author::new();
    let changes = [author.write(), author.write(), author.write()];
    let first = office.push(turf, &changes).await;
    assert_eq!(
        (numbers(&first), hashes(&first.acked)),
        (vec![1, 2, 3], changes.iter().map(|bytes| hash(bytes)).collect())
    );
    assert_eq!(office.push(turf, &changes).await, first);
    let fourth = author.write();
    let mixed = [changes[1].clone(), fourth.clone(), fourth.clone()];
    assert_eq!(numbers(&office.push(turf, &mixed).await), [2, 4, 4]);
    let log = store.log(turf, usize::MAX).await.unwrap();
    assert_eq!((log.last, log.changes.len(), log.heads), (4, 4, author.heads()));
    // One request for several documents, one of them twice: each is answered separately.
    let (other, mut elsewhere) = (office.bear(&[]).await, Author::new());
    let docs = vec![
        doc_push(other, &[elsewhere.write()]),
        doc_push(turf, &[author.write()]),
        doc_push(other, &[elsewhere.write()]),
    ];
    let pushed = office.push_all(docs).await.unwrap();
    assert_eq!(pushed.iter().map(numbers).collect::<Vec<_>>(), [[1], [5], [2]]);
    assert_eq!(code(store.log(new_doc(), usize::MAX).await), RefusalCode::NotFound);
}

async fn a_change_of_a_long_log_is_known_again(store: &dyn Store) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let (mut author, mut written, mut late) = (Author::new(), Vec::new(), Vec::new());
    for n_more in [100, 155, 1, 1, 254, 1, 600] {
        let before = written.len() as u64;
        let more: Vec<_> = (0..n_more).map(|_| author.write()).collect();
        written.extend(more.iter().cloned());
        let len = written.len() as u64;
        assert_eq!(numbers(&office.push(turf, &more).await), (before + 1..=len).collect::<Vec<_>>());
        // All of it is sent again.
        let pushed = office.push(turf, &written).await;
        assert_eq!((numbers(&pushed), why(&pushed)), ((1..=len).collect::<Vec<_>>(), vec![]));
        late.push(author.fork());
    }
    // A change that depends on an old one is accepted, one that depends on an unknown one is not.
    let n_written = written.len() as u64;
    for (at, late) in late.iter_mut().enumerate() {
        let change = late.write();
        assert_eq!(numbers(&office.push(turf, std::slice::from_ref(&change)).await), [n_written + 1 + at as u64]);
    }
    let mut stranger = Author::new();
    stranger.write();
    assert_eq!(why(&office.push(turf, &[stranger.write()]).await), [RejectReason::MissingDeps]);
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().heads.len(), 7);
}

async fn pushes_at_once_count_without_gaps(store: &dyn Store) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    // One device's share of the queue is 16.
    let all = (0..12).map(|_| async {
        let mut author = Author::new();
        let mut numbers = Vec::new();
        for _ in 0..5 {
            numbers.extend(self::numbers(&office.push(turf, &[author.write(), author.write()]).await));
        }
        numbers
    });
    let mut all: Vec<_> = futures_util::future::join_all(all).await.into_iter().flatten().collect();
    all.sort_unstable();
    assert_eq!(all, (1..=120).collect::<Vec<_>>());
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().heads.len(), 12);
}

async fn what_breaks_a_rule_is_rejected_alone(store: &dyn Store) {
    let (office, elsewhere) = (found(store).await, found(store).await);
    let turf = office.bear(&[]).await;
    let ana = office.join(Role::Canvasser, &[turf]).await;
    let mut author = Author::new();
    let written: Vec<_> = (0..4).map(|_| author.write()).collect();
    let gap = [written[0].clone(), written[2].clone(), b"no change".to_vec(), written[1].clone()];
    let pushed = ana.push(turf, &gap).await;
    assert_eq!(
        (numbers(&pushed), why(&pushed)),
        (vec![1, 2], vec![RejectReason::MissingDeps, RejectReason::Malformed])
    );
    // The actor belongs to Ana from its first change on.
    assert_eq!(why(&office.push(turf, &written[2..3]).await), [RejectReason::ForeignActor]);
    // A second first change of an actor, whose sequence number is not the next.
    let mut restored = Author::new();
    restored.doc.set_actor(author.doc.get_actor().clone());
    assert_eq!(why(&ana.push(turf, &[restored.write_long(9)]).await), [RejectReason::SeqGap]);
    assert_eq!(why(&ana.push(office.reply.campaign_doc, &[author.write()]).await), [RejectReason::ReadOnly]);
    assert_eq!(why(&office.push(turf, &[b"nothing".to_vec()]).await), [RejectReason::Malformed]);
    for stranger in [&elsewhere, &office.join(Role::Canvasser, &[]).await] {
        assert_eq!(stranger.push(turf, &written).await, DocPushed::default());
        assert_eq!(stranger.pull(turf, 0).await.access, None);
    }
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().last, 2);
}

async fn a_push_renews_the_lease(store: &dyn Store) {
    let office = found(store).await;
    let before = office.caller().await.lease_until;
    let push = |later_ms| Push { device: office.id, docs: Vec::new(), now: NOW.plus_ms(later_ms) };
    // A gain of less than an hour is not worth writing the device's row.
    for (later_ms, gained_ms) in [(RENEW_AFTER_MS, 0), (RENEW_AFTER_MS + 1, RENEW_AFTER_MS + 1)] {
        let pushed = store.push(push(later_ms)).await.unwrap();
        assert_eq!(pushed.lease_until, before.plus_ms(gained_ms), "{later_ms}");
        assert_eq!(office.caller().await.lease_until, pushed.lease_until);
    }
    let pushed = store.push(push(24 * RENEW_AFTER_MS)).await.unwrap();
    assert_eq!(pushed.lease_until, before.plus_ms(24 * RENEW_AFTER_MS));
    let earlier = store.push(push(0)).await.unwrap();
    assert_eq!(earlier.lease_until, pushed.lease_until, "a clock that went back takes nothing away");
    assert_eq!(
        code(store.push(Push { device: DeviceId::from_bytes([1; 16]), docs: Vec::new(), now: NOW }).await),
        RefusalCode::TokenUnknown
    );
}

async fn only_some_may_make_documents(store: &dyn Store) {
    let office = found(store).await;
    let (captain, ana) = (office.join(Role::Captain, &[]).await, office.join(Role::Canvasser, &[]).await);
    let mut author = Author::new();
    let written = [author.write()];
    for (device, born, is_made) in [
        (&office, Some(DocKind::Turf), true),
        (&captain, Some(DocKind::Turf), true),
        (&ana, Some(DocKind::Turf), false),
        (&office, Some(DocKind::Campaign), false),
        (&office, None, false),
    ] {
        let doc = new_doc();
        let before = store.grants(office.id).await.unwrap().number;
        let docs = vec![DocPush { born, ..doc_push(doc, &written) }];
        let pushed = store.push(Push { device: device.id, docs: docs.clone(), now: NOW }).await.unwrap();
        assert_eq!(pushed.docs[0].acked.len(), usize::from(is_made));
        assert_eq!(store.grants(office.id).await.unwrap().number - before, u64::from(is_made));
        assert_eq!(pushed.hints.iter().filter(|hint| hint.doc.is_none()).count(), usize::from(is_made));
        assert_eq!(
            pushed.hints.iter().filter_map(|hint| hint.doc).collect::<Vec<_>>(),
            if is_made { vec![(doc, 1)] } else { vec![] }
        );
        // Creating it again is idempotent.
        store.push(Push { device: device.id, docs, now: NOW }).await.unwrap();
        assert_eq!(store.grants(office.id).await.unwrap().number - before, u64::from(is_made));
    }
}

async fn a_log_is_told_in_pages(store: &dyn Store) {
    let office = found(store).await;
    let mut author = Author::new();
    let written: Vec<_> = (0..40).map(|_| author.write_long(2_000)).collect();
    let (turf, small) = (office.bear(&written).await, office.bear(&[Author::new().write()]).await);
    let (mut cursor, mut told, mut n_pages) = (0, Vec::new(), 0);
    loop {
        let docs = vec![doc_pull(turf, cursor), doc_pull(small, 0)];
        let page = office.pull_all(0, docs, 9_000).await.docs.remove(0);
        assert!(page.changes.iter().map(Vec::len).sum::<usize>() <= 9_000);
        assert!(page.cursor > cursor && page.seen == 0 && page.access == Some(Access::Write));
        (cursor, n_pages) = (page.cursor, n_pages + 1);
        told.extend(page.changes);
        if !page.is_more {
            assert_eq!(page.heads, author.heads());
            break;
        }
    }
    assert_eq!((told, cursor), (written, 40));
    assert!(n_pages >= 10);
    assert_eq!(office.pull(new_doc(), 3).await.cursor, 3, "of what is not there, nothing is told");
}

async fn a_cursor_of_another_life_starts_over(store: &dyn Store) {
    let office = found(store).await;
    let mut author = Author::new();
    let turf = office.bear(&[author.write(), author.write()]).await;
    for (epoch, cursor, n_told) in
        [(EPOCH, 1, 1), (EPOCH, 2, 0), (EPOCH, 3, 2), (EPOCH + 1, 1, 2), (EPOCH, u64::MAX, 2)]
    {
        let ask = DocPull { epoch, ..doc_pull(turf, cursor) };
        let told = office.pull_all(0, vec![ask], 1 << 20).await.docs.remove(0);
        assert_eq!((told.changes.len(), told.cursor, told.is_more), (n_told, 2, false), "{epoch} {cursor}");
    }
}

async fn what_was_just_pushed_and_known_heads_are_left_out(store: &dyn Store) {
    let office = found(store).await;
    let mut author = Author::new();
    let written: Vec<_> = (0..5).map(|_| author.write()).collect();
    let turf = office.bear(&written).await;
    let without: BTreeSet<_> = [hash(&written[1]), hash(&written[4])].into();
    let ask = DocPull { without, ..doc_pull(turf, 0) };
    let told = office.pull_all(0, vec![ask.clone()], 1 << 20).await.docs.remove(0);
    assert_eq!((told.changes, told.cursor), (vec![written[0].clone(), written[2].clone(), written[3].clone()], 5));
    let heads = Some(HeadsDigest::of(&author.heads()));
    for (ask, is_same, n_heads) in [
        (DocPull { heads, ..doc_pull(turf, 5) }, true, 0),
        (DocPull { heads, ..doc_pull(turf, 4) }, false, 0),
        (DocPull { heads: Some(HeadsDigest(1)), ..doc_pull(turf, 5) }, false, 1),
        (doc_pull(turf, 5), false, 1),
        (DocPull { heads, ..ask }, false, 0),
    ] {
        let told = office.pull_all(0, vec![ask], 1 << 20).await.docs.remove(0);
        assert_eq!((told.is_same, told.heads.len()), (is_same, n_heads));
    }
}

async fn news_is_told_by_feed(store: &dyn Store) {
    let (office, elsewhere) = (found(store).await, found(store).await);
    let mut authors: Vec<_> = (0..3).map(|_| Author::new()).collect();
    let mut turf = Vec::new();
    for author in &mut authors {
        turf.push(office.bear(&[author.write()]).await);
    }
    let ana = office.join(Role::Canvasser, &[turf[1]]).await;
    let news = async |device: &stores::Device<'_>, feed| {
        let pulled = device.pull_all(feed, Vec::new(), 0).await;
        (pulled.news.iter().map(|news| (news.doc, news.last)).collect::<Vec<_>>(), pulled.feed)
    };
    let (all, feed) = news(&office, 0).await;
    assert_eq!(all, [(turf[0], 1), (turf[1], 1), (turf[2], 1)]);
    assert_eq!(news(&ana, 0).await, (vec![(turf[1], 1)], feed), "only what she hears of");
    assert_eq!(news(&office, feed).await, (vec![], feed));
    office.push(turf[0], &[authors[0].write(), authors[0].write()]).await;
    let (again, later) = news(&office, feed).await;
    assert_eq!(again, [(turf[0], 3)]);
    assert!(later > feed);
    assert_eq!(news(&ana, feed).await, (vec![], later));
    assert_eq!(news(&office, later + 99).await.0.len(), 3, "a feed from the future is of another life");
    assert_eq!(news(&elsewhere, 0).await, (vec![], 0));
    // A document that is answered completely is not news; one that is answered in part is.
    let whole = office.pull_all(0, vec![doc_pull(turf[0], 0)], 1 << 20).await;
    assert_eq!(whole.news.iter().map(|news| news.doc).collect::<Vec<_>>(), [turf[1], turf[2]]);
    let part = office.pull_all(0, vec![doc_pull(turf[0], 0)], 1).await;
    assert!(part.docs[0].is_more && part.news.len() == 3);
}

async fn news_comes_in_pages_without_a_gap(store: &dyn Store) {
    let office = found(store).await;
    let written = [Author::new().write()];
    let n_docs = MAX_NEWS + 200;
    let docs: Vec<DocId> = (0..n_docs).map(|_| new_doc()).collect();
    for part in docs.chunks(150) {
        let born = part.iter().map(|doc| DocPush { born: Some(DocKind::Turf), ..doc_push(*doc, &written) });
        office.push_all(born.collect()).await.unwrap();
    }
    let (mut feed, mut told) = (0, BTreeSet::new());
    loop {
        let pulled = office.pull_all(feed, Vec::new(), 0).await;
        if pulled.news.is_empty() {
            break;
        }
        assert!(pulled.feed > feed && pulled.news.len() < MAX_NEWS + 150);
        assert!(pulled.news.iter().all(|news| told.insert(news.doc)), "nothing is told twice");
        feed = pulled.feed;
    }
    assert_eq!(told, docs.into_iter().collect());
}

async fn receipts_rise_and_make_news(store: &dyn Store) {
    let (office, elsewhere) = (found(store).await, found(store).await);
    let mut author = Author::new();
    let turf = office.bear(&[author.write(), author.write(), author.write()]).await;
    let (captain, ana) = (office.join(Role::Captain, &[]).await, office.join(Role::Canvasser, &[turf]).await);
    let mut feed = office.feed().await;
    for (by, n, seen, is_news) in [
        (&captain, 3, 0, false),
        (&elsewhere, 3, 0, false),
        (&office, 2, 2, true),
        (&office, 1, 2, false),
        // A cursor beyond the end of the log belongs to another log.
        (&office, 99, 2, false),
        (&office, 3, 3, true),
    ] {
        store.seen(by.caller().await, vec![(turf, n), (new_doc(), 1)]).await.unwrap();
        let pulled = ana.pull_all(feed, Vec::new(), 0).await;
        assert_eq!(
            pulled.news.iter().map(|news| (news.doc, news.last, news.seen)).collect::<Vec<_>>(),
            if is_news { vec![(turf, 3, seen)] } else { vec![] }
        );
        assert_eq!(ana.pull(turf, 3).await.seen, seen);
        feed = pulled.feed;
    }
}

async fn the_roster_tells_who_was_heard(store: &dyn Store) {
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
    // What a hub requires of the roster.
    assert_eq!(roster[1].hub_key, Some(ana.token.hub_key()));
    assert_ne!(roster[0].hub_key, roster[1].hub_key);
    assert!(roster[1].lease_until > At(0) && roster[1].hand_in.is_empty());
    assert_eq!((roster[1].name.as_str(), roster[1].last_heard, roster[1].is_revoked), ("Ana", Some(At(50)), false));
    assert!(store.roster(founding().campaign).await.unwrap().is_empty());
}

async fn snapshots_stand_for_the_beginning_of_a_log(store: &dyn Store) {
    let office = found(store).await;
    let mut author = Author::new();
    let written: Vec<_> = (0..10).map(|_| author.write()).collect();
    let turf = office.bear(&written).await;
    office.bear(&[]).await;
    let n_bytes: usize = written.iter().map(Vec::len).sum();
    for (max_bytes, n_told) in [(n_bytes, 10), (n_bytes - 1, 9), (written[0].len(), 1), (written[0].len() - 1, 0)] {
        let log = store.log(turf, max_bytes).await.unwrap();
        assert_eq!((log.last, log.changes.as_slice(), log.is_whole()), (10, &written[..n_told], n_told == 10));
    }
    assert!(store.to_snapshot(11, 9).await.unwrap().is_empty());
    assert_eq!(store.to_snapshot(10, 9).await.unwrap(), [turf]);
    store.put_snapshot(turf, 8, vec![8; 100]).await.unwrap();
    store.put_snapshot(turf, 7, vec![7; 100]).await.unwrap();
    store.put_snapshot(turf, 11, vec![11; 100]).await.unwrap();
    assert!(store.to_snapshot(3, 9).await.unwrap().is_empty());
    assert_eq!(store.to_snapshot(2, 9).await.unwrap(), [turf]);
    let told = office.pull(turf, 0).await;
    assert_eq!((told.snapshot, told.changes.len(), told.cursor), (Some(vec![8; 100]), 2, 10));
    assert_eq!(office.pull(turf, 1).await.snapshot, None);
    let tight = office.pull_all(0, vec![doc_pull(turf, 0)], 99).await.docs.remove(0);
    assert_eq!(tight.snapshot, None, "one that does not fit is told change by change");
    store.put_snapshot(turf, 10, vec![10; 50]).await.unwrap();
    assert_eq!(office.pull(turf, 0).await.snapshot, Some(vec![10; 50]));
    // It has grown too large for a snapshot: this is recorded, and it is sent change by change.
    office.push(turf, &[author.write()]).await;
    store.put_snapshot(turf, 11, Vec::new()).await.unwrap();
    assert!(store.to_snapshot(1, 9).await.unwrap().is_empty());
    let told = office.pull(turf, 0).await;
    assert_eq!((told.snapshot, told.changes.len(), told.cursor), (None, 11, 11));
    // A longer log gets a new snapshot once it has grown by a tenth.
    let more: Vec<_> = (0..29).map(|_| author.write()).collect();
    office.push(turf, &more).await;
    for (n, is_due) in [(36, true), (37, false)] {
        store.put_snapshot(turf, n, vec![1; 50]).await.unwrap();
        assert_eq!(!store.to_snapshot(1, 9).await.unwrap().is_empty(), is_due, "{n} of 40");
    }
}

async fn packs_are_told_in_parts_to_those_who_hear_of_their_documents(store: &dyn Store) {
    let (office, elsewhere) = (found(store).await, found(store).await);
    let (turf, other) = (office.bear(&[]).await, office.bear(&[]).await);
    let (ana, ben) = (office.join(Role::Canvasser, &[turf]).await, office.join(Role::Canvasser, &[other]).await);
    let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_be_bytes).collect();
    let hash = sha256(&bytes);
    assert_eq!(code(store.put_pack(ana.caller().await, turf, hash, bytes.clone()).await), RefusalCode::NotAllowed);
    assert_eq!(code(store.put_pack(elsewhere.caller().await, turf, hash, bytes.clone()).await), RefusalCode::NotFound);
    for _ in 0..2 {
        store.put_pack(office.caller().await, turf, hash, bytes.clone()).await.unwrap();
    }
    let n_bytes = bytes.len() as u64;
    for (range, expected) in [
        (0..n_bytes, &bytes[..]),
        (0..1, &bytes[..1]),
        (200_000..200_010, &bytes[200_000..200_010]),
        (n_bytes - 3..n_bytes + 100, &bytes[bytes.len() - 3..]),
        (n_bytes..n_bytes + 1, &[]),
        (0..u64::MAX, &bytes[..]),
        (u64::MAX - 1..u64::MAX, &[]),
    ] {
        let part = store.pack(ana.caller().await, hash, range.clone()).await.unwrap();
        assert!(part.bytes == expected && part.n_bytes == n_bytes, "{range:?}");
    }
    for stranger in [&ben, &elsewhere] {
        assert_eq!(code(store.pack(stranger.caller().await, hash, 0..1).await), RefusalCode::NotFound);
    }
    store.put_pack(office.caller().await, other, hash, bytes.clone()).await.unwrap();
    store.pack(ben.caller().await, hash, 0..1).await.unwrap();
    assert_eq!(code(store.pack(ana.caller().await, sha256(b"x"), 0..1).await), RefusalCode::NotFound);
    store.take_back(office.caller().await, turf, ana.id).await.unwrap();
    assert_eq!(code(store.pack(ana.caller().await, hash, 0..1).await), RefusalCode::NotFound);
}

async fn carrying_has_its_rules(store: &dyn Store) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let (ana, ben) = (office.join(Role::Canvasser, &[turf]).await, office.join(Role::Canvasser, &[turf]).await);
    let eve = office.join(Role::Canvasser, &[]).await;
    let carry = async |by: &stores::Device<'_>, changes: &[Vec<u8>]| {
        by.push_all(vec![DocPush { carries: true, ..doc_push(turf, changes) }]).await.unwrap().remove(0)
    };
    let mut held = Author::new().by(ana.id);
    let written = [held.write(), held.write()];
    assert_eq!(why(&office.push(turf, &written).await), [RejectReason::ForeignActor, RejectReason::MissingDeps]);
    assert_eq!(numbers(&carry(&office, &written).await), [1, 2]);
    assert_eq!(numbers(&ana.push(turf, &[held.write()]).await), [3], "the chain is Ana's");
    let mut foreign = Author::new().by(eve.id);
    assert_eq!(why(&carry(&office, &[foreign.write()]).await), [RejectReason::ForeignActor]);
    let more = [held.write()];
    assert_eq!(why(&carry(&ben, &more).await), [RejectReason::ForeignActor]);
    store.new_epoch(EPOCH, NOW.plus_ms(1)).await.unwrap();
    assert_eq!(numbers(&carry(&ben, &more).await), [4], "whoever may write brings back what a restored store lacks");
    // A turf may have been handed out after the backup was made.
    let mut handed = Author::new().by(eve.id);
    assert_eq!(numbers(&carry(&ben, &[handed.write()]).await), [5]);
    store.new_epoch(EPOCH, NOW).await.unwrap();
    assert_eq!(why(&carry(&ben, &[handed.write()]).await), [RejectReason::ForeignActor]);
    assert_eq!(why(&carry(&office, &[handed.write()]).await), [RejectReason::ForeignActor]);
    assert_eq!(why(&carry(&ben, &[held.write()]).await), [RejectReason::ForeignActor]);
    store.revoke(ana.id).await.unwrap();
    let mut left = Author::new().by(ana.id);
    assert_eq!(numbers(&carry(&office, &[left.write()]).await), [6]);
}

async fn a_device_has_so_many_heads_and_not_one_more(store: &dyn Store) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let ana = office.join(Role::Canvasser, &[turf]).await;
    let carry = async |changes: &[Vec<u8>]| {
        office.push_all(vec![DocPush { carries: true, ..doc_push(turf, changes) }]).await.unwrap().remove(0)
    };
    // Copies of Ana's database, each of which writes concurrently.
    let mut ana_wrote = Author::new().by(ana.id);
    let begun = ana_wrote.write();
    ana.push(turf, std::slice::from_ref(&begun)).await;
    let mut copies: Vec<_> = (0..=MAX_HEADS_PER_DEVICE).map(|_| ana_wrote.fork().by(ana.id)).collect();
    let written: Vec<_> = copies.iter_mut().map(Author::write).collect();
    let (first, rest) = written.split_at(10);
    let (below, above) = rest.split_at(MAX_HEADS_PER_DEVICE - 10);
    assert_eq!(why(&ana.push(turf, first).await), []);
    assert_eq!(why(&ana.push(turf, rest).await), [RejectReason::TooManyHeads], "one request, one change too many");
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().heads.len(), MAX_HEADS_PER_DEVICE);
    assert_eq!(why(&ana.push(turf, above).await), [RejectReason::TooManyHeads]);
    assert_eq!(why(&carry(above).await), [RejectReason::TooManyHeads], "whoever carries it");
    assert_eq!(numbers(&ana.push(turf, below).await).len(), below.len(), "what is stored stays acknowledged");
    // A copy continues its chain; another device has its own count.
    assert_eq!(why(&ana.push(turf, &[copies[0].write()]).await), []);
    let mut office_wrote = Author::new();
    assert_eq!(why(&office.push(turf, &[office_wrote.write()]).await), []);
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().heads.len(), MAX_HEADS_PER_DEVICE + 1);
    // A change that depends on some of them makes room again.
    office_wrote.take_in(&[&[begun], below].concat());
    assert_eq!(why(&office.push(turf, &[office_wrote.write()]).await), []);
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().heads.len(), 11);
    assert_eq!(why(&ana.push(turf, above).await), []);
}

async fn a_turf_taken_back_can_be_handed_in(store: &dyn Store) {
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
    store.enrol(Enrolment { device: ana.id, token: ana.token, ..enrolment(secret) }).await.unwrap();
    assert_eq!(ana.pull(turf, 0).await.changes.len(), 2, "handed out again");
}

async fn what_devices_hear_of_is_read_for_one_or_for_all(store: &dyn Store) {
    let office = found(store).await;
    let (turf, other) = (office.bear(&[]).await, office.bear(&[]).await);
    let captain = office.join(Role::Captain, &[]).await;
    let (ana, ben) = (office.join(Role::Canvasser, &[turf, other]).await, office.join(Role::Canvasser, &[turf]).await);
    let lost = office.join(Role::Canvasser, &[turf]).await;
    let hint = store.revoke(lost.id).await.unwrap();
    assert_eq!((hint.since + 1, hint.whose), (hint.grants, Whose::Device(lost.id)));
    let hint = store.take_back(captain.caller().await, other, ana.id).await.unwrap();
    assert_eq!((hint.since + 1, hint.whose), (hint.grants, Whose::Device(ana.id)));
    // Another campaign is not affected.
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
    // A new document changes only the grants of devices that hear of everything; several in a push get one number each.
    let born = [new_doc(), new_doc()].map(|doc| DocPush { born: Some(DocKind::Turf), ..doc_push(doc, &[]) });
    let push = Push { device: office.id, docs: born.into(), now: NOW };
    let pushed = store.push(push).await.unwrap();
    let [born] = pushed.hints.as_slice() else { panic!("{:?}", pushed.hints) };
    assert_eq!((born.since, born.grants, born.whose), (hint.grants, hint.grants + 2, Whose::Nobody));
}

async fn shutting_out_has_its_rules(store: &dyn Store) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let (other, captain) = (office.join(Role::Coordinator, &[]).await, office.join(Role::Captain, &[]).await);
    let (ana, ben) = (office.join(Role::Canvasser, &[turf]).await, office.join(Role::Canvasser, &[turf]).await);
    let elsewhere = found(store).await;
    let shut_out = async |by: Caller, who: &Device<'_>| store.shut_out(by, who.id, NOW).await;
    // Captains shut out canvassers, coordinators everyone, and nobody themselves or a device of another campaign.
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
    assert_eq!((hint.by, hint.whose, hint.since + 1), (captain.id, Whose::Device(ana.id), hint.grants));
    assert!(ana.caller().await.is_revoked && !ben.caller().await.is_revoked);
    // It is idempotent.
    let again = shut_out(captain.caller().await, &ana).await.unwrap();
    assert_eq!(again, (ShutOutDone { is_news: false, n_invites: 0 }, None));
    assert_eq!(store.grants(office.id).await.unwrap().number, hint.grants);

    // A captain's open links are void from then on.
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

async fn of_two_who_shut_each_other_out_one_stays(store: &dyn Store) {
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

async fn of_the_last_two_coordinators_one_stays(store: &dyn Store) {
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
    // A device whose lease has expired does not count.
    let away = stays.join(Role::Coordinator, &[]).await;
    let later = Leaving { now: NOW.plus_ms(1_000_000_000_000), ..leaving(stays.id) };
    assert_eq!(code(store.leave(later).await), RefusalCode::NotAllowed);
    // A device that has everything in files needs no other.
    store.leave(leaving(away.id)).await.unwrap();
    store.leave(Leaving { counts_on_others: false, ..leaving(stays.id) }).await.unwrap();
    assert!(stays.caller().await.is_revoked);
}

async fn a_revoked_device_is_served_nothing(store: &dyn Store) {
    let office = found(store).await;
    let secret = office.invite(Role::Captain, &[], 1).await.unwrap();
    let ask = enrolment(secret);
    let lost = enrol(store, ask.clone()).await.unwrap();
    let turf = office.bear(&[]).await;
    let caller = lost.caller().await;
    let before = store.grants(office.id).await.unwrap().number;
    store.revoke(lost.id).await.unwrap();
    assert!(store.grants(office.id).await.unwrap().number > before);
    assert!(lost.caller().await.is_revoked);
    let pull = Pull { device: lost.id, grants_seen: 0, feed: 0, docs: Vec::new(), budget: 0 };
    assert_eq!(code(lost.push_all(vec![doc_push(turf, &[Author::new().write()])]).await), RefusalCode::Revoked);
    assert_eq!(code(store.pull(pull).await), RefusalCode::Revoked);
    assert_eq!(code(store.grants(lost.id).await), RefusalCode::Revoked);
    assert_eq!(code(store.pack(caller, sha256(b"x"), 0..1).await), RefusalCode::Revoked);
    assert_eq!(code(store.take_back(caller, turf, lost.id).await), RefusalCode::Revoked);
    assert_eq!(code(store.enrol(ask).await), RefusalCode::Revoked);
    assert_eq!(code(store.revoke(DeviceId::from_bytes([1; 16])).await), RefusalCode::NotFound);
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().last, 0);
}

async fn a_new_epoch_is_told(store: &dyn Store) {
    let office = found(store).await;
    assert_eq!(office.pull_all(0, Vec::new(), 0).await.epoch, EPOCH);
    for n in 0..3 {
        let before = (office.feed().await, store.grants(office.id).await.unwrap().number);
        store.new_epoch(u64::MAX - n, NOW).await.unwrap();
        let after = (office.feed().await, store.grants(office.id).await.unwrap().number);
        assert!(after.0 > before.0 && after.1 > before.1, "nothing that was told before is told again");
        assert!(after.0.min(after.1) >= NOW.0.cast_unsigned(), "nor what was told after a copy was made");
        assert_eq!(office.pull_all(0, Vec::new(), 0).await.epoch, u64::MAX - n);
    }
}
