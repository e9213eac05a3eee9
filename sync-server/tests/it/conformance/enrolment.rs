//! Invites, and who comes in by them.

use super::code;
use crate::placeholders::nobody_enrols_as_a_device_that_only_its_changes_tell_of;
use crate::stores::{NOW, Whole, enrol, enrolment, found, founding, founding_invite, fresh_hash};
use crate::world::new_doc;
use porchlight_model::member::Role;
use porchlight_model::relay::RefusalCode;
use porchlight_relay::store::{Enrolling, NewInvite, Withdrawal};

on_both_stores![
    an_enrolment_sent_again_gives_the_same_answer_and_uses_up_nothing,
    an_invite_is_good_for_its_uses_and_its_time,
    devices_that_use_an_invite_at_once_share_its_uses,
    open_invites_are_listed_with_who_used_them,
    a_founding_invite_counts_until_it_is_used_or_over,
    a_withdrawn_invite_lets_nobody_in,
    invites_of_a_revoked_device_let_nobody_in,
    all_invites_end_at_once,
    what_exists_is_not_founded_again,
    another_invite_adds_turf_and_raises_the_role,
    an_invite_hands_out_turf_of_its_campaign_only,
    nobody_enrols_as_a_device_that_only_its_changes_tell_of,
];

async fn an_enrolment_sent_again_gives_the_same_answer_and_uses_up_nothing(store: &dyn Whole) {
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
    // The same device with another token, another device with the same token: neither is let in.
    let other_token = Enrolling { token: fresh_hash(), ..ask.clone() };
    assert_eq!(code(store.enrol(other_token).await), RefusalCode::TokenUnknown);
    let other_device = Enrolling { token: ask.token, ..enrolment(secret) };
    assert_eq!(code(store.enrol(other_device).await), RefusalCode::NotAllowed);
    // A member who is there already stays alone.
    let same_member = Enrolling { member: ask.member, ..enrolment(secret) };
    let other = store.enrol(same_member.clone()).await.unwrap().0;
    assert_eq!(other.member, same_member.other_member);
}

async fn an_invite_is_good_for_its_uses_and_its_time(store: &dyn Whole) {
    let office = found(store).await;
    let secret = office.invite(Role::Captain, &[], 1).await.unwrap();
    let look = store.look(secret, NOW).await.unwrap();
    assert_eq!(
        (look.role, look.campaign.as_deref(), look.label.as_str()),
        (Role::Captain, Some("Library"), "Riverside")
    );
    assert_eq!(code(store.look(secret, look.expires_at).await), RefusalCode::InviteExpired);
    let late = Enrolling { now: look.expires_at, ..enrolment(secret) };
    assert_eq!(code(store.enrol(late).await), RefusalCode::InviteExpired);
    let ask = enrolment(secret);
    store.enrol(ask.clone()).await.unwrap();
    assert_eq!(code(store.look(secret, NOW).await), RefusalCode::InviteUsed);
    assert_eq!(code(store.enrol(enrolment(secret)).await), RefusalCode::InviteUsed);
    // Whoever used it may ask again, even after its end.
    store.enrol(Enrolling { now: look.expires_at.plus_ms(1), ..ask }).await.unwrap();
    assert_eq!(code(store.enrol(enrolment(fresh_hash())).await), RefusalCode::InviteUnknown);
    assert_eq!(code(store.look(fresh_hash(), NOW).await), RefusalCode::InviteUnknown);
}

async fn devices_that_use_an_invite_at_once_share_its_uses(store: &dyn Whole) {
    let office = found(store).await;
    let secret = office.invite(Role::Canvasser, &[], 3).await.unwrap();
    let all = (0..12).map(|_| store.enrol(enrolment(secret)));
    let (joined, refused): (Vec<_>, Vec<_>) =
        futures_util::future::join_all(all).await.into_iter().partition(Result::is_ok);
    assert_eq!((joined.len(), refused.len()), (3, 9));
    assert!(refused.into_iter().all(|result| code(result) == RefusalCode::InviteUsed));
    // One device at several doors at once, as when an answer was lost: the same answer at each.
    let secret = office.invite(Role::Canvasser, &[], 1).await.unwrap();
    let ask = enrolment(secret);
    let answers = futures_util::future::join_all((0..8).map(|_| store.enrol(ask.clone()))).await;
    let answers: Vec<_> = answers.into_iter().map(|answer| answer.unwrap().0).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

async fn open_invites_are_listed_with_who_used_them(store: &dyn Whole) {
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
    // Used up, or over: no invite that lets someone in.
    store.enrol(enrolment(turfs)).await.unwrap();
    assert_eq!(list().await.len(), 1);
    store.enrol(enrolment(captains)).await.unwrap();
    assert_eq!(list().await, []);
    office.invite(Role::Captain, &[], 1).await.unwrap();
    assert_eq!(store.open_invites(office.campaign(), NOW.plus_ms(60_000)).await.unwrap(), []);
    // Whoever runs the relay makes invites, too.
    let made = NewInvite { campaign: Some(office.campaign()), ..founding_invite() };
    store.invite(made.clone()).await.unwrap();
    let open = list().await.remove(0);
    assert_eq!((open.id, open.made_by, open.by_name.as_str()), (made.id, None, ""));
}

async fn a_founding_invite_counts_until_it_is_used_or_over(store: &dyn Whole) {
    let until = async |now| store.founding_until(now).await.unwrap();
    assert_eq!(until(NOW).await, None);
    let invite = founding_invite();
    store.invite(invite.clone()).await.unwrap();
    store.invite(NewInvite { expires_at: NOW.plus_ms(1), ..founding_invite() }).await.unwrap();
    assert_eq!(until(NOW).await, Some(invite.expires_at));
    assert_eq!(until(invite.expires_at).await, None);
    let office = Enrolling { founding: Some(founding()), ..enrolment(invite.secret) };
    store.enrol(office).await.unwrap();
    assert_eq!(until(NOW).await, Some(NOW.plus_ms(1)));
    assert_eq!(until(NOW.plus_ms(1)).await, None);
}

async fn a_withdrawn_invite_lets_nobody_in(store: &dyn Whole) {
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
    // A captain withdraws what a captain may make; whoever runs the relay withdraws everything.
    office.invite(Role::Captain, &[], 1).await.unwrap();
    let invite = store.open_invites(office.campaign(), NOW).await.unwrap()[0].id;
    let of = |by| Withdrawal { campaign: office.campaign(), invite, by, now: NOW };
    assert_eq!(code(store.withdraw(of(Some(captain.id))).await), RefusalCode::NotAllowed);
    store.withdraw(of(None)).await.unwrap();
    assert_eq!(store.open_invites(office.campaign(), NOW).await.unwrap(), []);
}

async fn invites_of_a_revoked_device_let_nobody_in(store: &dyn Whole) {
    let office = found(store).await;
    let captain = office.join(Role::Captain, &[]).await;
    let secret = captain.invite(Role::Canvasser, &[], 2).await.unwrap();
    let ana = enrolment(secret);
    let answer = store.enrol(ana.clone()).await.unwrap().0;
    store.revoke(captain.id, NOW).await.unwrap();
    assert_eq!(store.open_invites(office.campaign(), NOW).await.unwrap(), []);
    assert_eq!(code(store.look(secret, NOW).await), RefusalCode::InviteExpired);
    assert_eq!(code(store.enrol(enrolment(secret)).await), RefusalCode::InviteExpired);
    assert_eq!(store.enrol(ana).await.unwrap().0, answer);
}

async fn all_invites_end_at_once(store: &dyn Whole) {
    let office = found(store).await;
    let (captain, lost) = (office.join(Role::Captain, &[]).await, office.join(Role::Captain, &[]).await);
    let (open, founds) = (captain.invite(Role::Canvasser, &[], 2).await.unwrap(), founding_invite());
    store.invite(founds.clone()).await.unwrap();
    let ana = enrolment(open);
    let answer = store.enrol(ana.clone()).await.unwrap().0;
    // Those that let nobody in are not counted.
    lost.invite(Role::Canvasser, &[], 2).await.unwrap();
    store.revoke(lost.id, NOW).await.unwrap();
    let elsewhere = found(store).await;
    elsewhere.invite(Role::Captain, &[], 1).await.unwrap();
    assert_eq!(store.end_invites(NOW).await.unwrap(), 3);
    assert_eq!(store.end_invites(NOW).await.unwrap(), 0);
    for secret in [open, founds.secret] {
        assert_eq!(code(store.look(secret, NOW).await), RefusalCode::InviteExpired);
    }
    for campaign in [office.campaign(), elsewhere.campaign()] {
        assert_eq!(store.open_invites(campaign, NOW).await.unwrap(), []);
    }
    assert_eq!(store.enrol(ana).await.unwrap().0, answer, "who had used one stays");
}

async fn what_exists_is_not_founded_again(store: &dyn Whole) {
    let office = found(store).await;
    assert_eq!(store.campaigns().await.unwrap(), [office.campaign()]);
    let invite = NewInvite { uses: 9, ..founding_invite() };
    store.invite(invite.clone()).await.unwrap();
    let mut again = founding();
    again.campaign = office.campaign();
    let ask = Enrolling { founding: Some(again), ..enrolment(invite.secret) };
    assert_eq!(code(store.enrol(ask).await), RefusalCode::NotAllowed);
    let mut same_doc = founding();
    same_doc.doc = office.reply.campaign_doc;
    let ask = Enrolling { founding: Some(same_doc), ..enrolment(invite.secret) };
    assert_eq!(code(store.enrol(ask).await), RefusalCode::NotAllowed);
    assert_eq!(code(store.enrol(enrolment(invite.secret)).await), RefusalCode::Malformed);
    let into = office.invite(Role::Captain, &[], 1).await.unwrap();
    let ask = Enrolling { founding: Some(founding()), ..enrolment(into) };
    assert_eq!(code(store.enrol(ask).await), RefusalCode::Malformed);
    let ask =
        Enrolling { founding: Some(founding()), device: office.id, token: office.token, ..enrolment(invite.secret) };
    assert_eq!(code(store.enrol(ask).await), RefusalCode::NotAllowed);
    let second = Enrolling { founding: Some(founding()), ..enrolment(invite.secret) };
    let second = enrol(store, second).await.unwrap();
    assert_eq!(store.campaigns().await.unwrap(), [office.campaign(), second.campaign()]);
    let elsewhere = second.invite(Role::Captain, &[], 1).await.unwrap();
    let ask = Enrolling { device: office.id, token: office.token, ..enrolment(elsewhere) };
    assert_eq!(code(store.enrol(ask).await), RefusalCode::NotAllowed);
}

async fn another_invite_adds_turf_and_raises_the_role(store: &dyn Whole) {
    let office = found(store).await;
    let (one, two) = (office.bear(&[]).await, office.bear(&[]).await);
    let ana = office.join(Role::Canvasser, &[one]).await;
    let before = store.grants(ana.id).await.unwrap();
    let secret = office.invite(Role::Canvasser, &[two], 1).await.unwrap();
    let again = Enrolling { device: ana.id, token: ana.token, ..enrolment(secret) };
    let (reply, hint) = store.enrol(again).await.unwrap();
    assert_eq!((reply.member, reply.role), (ana.reply.member, Role::Canvasser));
    let after = store.grants(ana.id).await.unwrap();
    assert!(after.number > before.number && hint.grants == after.number);
    assert_eq!(ana.granted().await, [office.reply.campaign_doc, one, two]);
    assert_eq!((ana.reply.docs.clone(), reply.docs), (vec![one], vec![one, two]), "what it was handed is told at once");
    for (role, becomes) in [(Role::Captain, Role::Captain), (Role::Canvasser, Role::Captain)] {
        let secret = office.invite(role, &[], 1).await.unwrap();
        let again = Enrolling { device: ana.id, token: ana.token, ..enrolment(secret) };
        assert_eq!(store.enrol(again).await.unwrap().0.role, becomes);
    }
}

async fn an_invite_hands_out_turf_of_its_campaign_only(store: &dyn Whole) {
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
