//! `POST /v1/invites`, `POST /v1/invites/look`, `GET /v1/invites/open`, `POST /v1/invites/withdraw`

use crate::world::{MINUTE, Phone, World, ask, enrol_ask, new_doc, refused, reply};
use porchlight_model::id::InviteId;
use porchlight_model::member::Role;
use porchlight_model::relay::{InviteAsk, InviteLook, InviteLookAsk, InviteMade, OpenInvite, RefusalCode, WithdrawAsk};
use porchlight_model::wire::PROTO;
use reqwest::Method;

fn invite_ask(role: Role) -> InviteAsk {
    InviteAsk { role, docs: Vec::new(), label: "Riverside 7".to_owned(), uses: 1, minutes: 60 }
}

#[tokio::test]
async fn each_role_invites_whom_it_may() {
    let world = World::start().await;
    let ana = world.found().await;
    let captain = world.join(&ana, Role::Captain, &[]).await;
    let canvasser = world.join(&captain, Role::Canvasser, &[]).await;
    for (by, role, may) in [
        (&ana, Role::Coordinator, true),
        (&captain, Role::Canvasser, true),
        (&captain, Role::Captain, false),
        (&captain, Role::Coordinator, false),
        (&canvasser, Role::Canvasser, false),
    ] {
        let made = by.invite(role, &[], 1).await;
        assert_eq!(made.is_ok(), may, "{:?} to {role:?}", by.enrolled.role);
        assert!(may || made.err() == Some(refused(403, RefusalCode::NotAllowed)));
    }
}

#[tokio::test]
async fn a_look_tells_what_an_invite_offers_and_uses_up_nothing() {
    let world = World::start().await;
    let ana = world.found().await;
    let made = ana.invite(Role::Captain, &[], 1).await.unwrap();
    let look = InviteLookAsk { proto: PROTO, newest: None, secret: made.secret.clone() };
    for _ in 0..3 {
        let seen: InviteLook = world.post("/v1/invites/look", &look).await.unwrap();
        let campaign = Some("Library for Lantern Falls".to_owned());
        let label = "Riverside 7".to_owned();
        assert_eq!(seen, InviteLook { role: Role::Captain, campaign, label, expires_at: made.expires_at });
    }
    let founder = world.relay.invite_founder().await.unwrap();
    let seen: InviteLook = world
        .post("/v1/invites/look", &InviteLookAsk { proto: PROTO, newest: None, secret: founder.secret })
        .await
        .unwrap();
    assert_eq!((seen.role, seen.campaign), (Role::Coordinator, None));
    world.enrol(&enrol_ask(&made.secret)).await.unwrap();
    let gone = world.post::<InviteLook>("/v1/invites/look", &look).await;
    assert_eq!(gone.err(), Some(refused(410, RefusalCode::InviteUsed)));
    let other = InviteLookAsk { proto: 9, newest: None, secret: made.secret };
    let gone = world.post::<InviteLook>("/v1/invites/look", &other).await;
    assert_eq!(gone.err(), Some(refused(426, RefusalCode::WrongVersion)));
    world.pass(8 * 24 * 60 * MINUTE);
}

#[tokio::test]
async fn limits_of_an_invite_hold_just_below_and_just_above() {
    let world = World::start().await;
    let ana = world.found().await;
    let malformed = Some(refused(400, RefusalCode::Malformed));
    let large = Some(refused(413, RefusalCode::TooLarge));
    let base = || invite_ask(Role::Canvasser);
    for (ask, expected) in [
        (InviteAsk { uses: 0, ..base() }, &malformed),
        (InviteAsk { uses: 500, ..base() }, &None),
        (InviteAsk { uses: 501, ..base() }, &malformed),
        (InviteAsk { minutes: 0, ..base() }, &malformed),
        (InviteAsk { minutes: 43_200, ..base() }, &None),
        (InviteAsk { minutes: 43_201, ..base() }, &malformed),
        (InviteAsk { label: "x".repeat(120), ..base() }, &None),
        (InviteAsk { label: "x".repeat(121), ..base() }, &large),
        (InviteAsk { label: String::new(), ..base() }, &None),
        (InviteAsk { label: "a\tb".to_owned(), ..base() }, &malformed),
    ] {
        let made = ana.post::<InviteMade>("/v1/invites", &ask).await;
        assert_eq!(made.err().as_ref(), expected.as_ref(), "{ask:?}");
    }
}

#[tokio::test]
async fn an_invite_hands_out_only_turf_of_its_campaign() {
    let world = World::start().await;
    let (ana, eve) = (world.found().await, world.found().await);
    let (turf, foreign) = (new_doc(), new_doc());
    ana.bear(turf, &[]).await;
    eve.bear(foreign, &[]).await;
    let not_found = refused(404, RefusalCode::NotFound);
    ana.invite(Role::Canvasser, &[turf], 1).await.unwrap();
    for doc in [foreign, new_doc(), ana.campaign_doc()] {
        assert_eq!(ana.invite(Role::Canvasser, &[doc], 1).await.err().as_ref(), Some(&not_found));
    }
    let too_many = vec![turf; 65];
    assert_eq!(ana.invite(Role::Canvasser, &too_many, 1).await.err(), Some(refused(413, RefusalCode::TooLarge)));
    ana.invite(Role::Canvasser, &too_many[..64], 1).await.unwrap();
}

#[tokio::test]
async fn open_invites_are_listed_and_withdrawn_by_those_who_may_make_such_ones() {
    let world = World::start().await;
    let ana = world.found().await;
    let captain = world.join(&ana, Role::Captain, &[]).await;
    let turf = new_doc();
    ana.bear(turf, &[]).await;
    let (office, field) =
        (ana.invite(Role::Captain, &[], 1).await.unwrap(), captain.invite(Role::Canvasser, &[turf], 3).await.unwrap());
    let canvasser = world.enrol(&enrol_ask(&field.secret)).await.unwrap();

    let listed = |phone: &Phone| {
        let asked = phone.request(Method::GET, "/v1/invites/open");
        async { reply::<Vec<OpenInvite>>(asked).await }
    };
    let ids = |open: Vec<OpenInvite>| open.iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(ids(listed(&ana).await.unwrap()), [field.id, office.id]);
    let seen = listed(&captain).await.unwrap();
    assert_eq!(
        (seen.len(), seen[0].uses, seen[0].used_by.len(), seen[0].docs.as_slice()),
        (1, 3, 1, [turf].as_slice())
    );
    assert_eq!(listed(&canvasser).await.err(), Some(refused(403, RefusalCode::NotAllowed)));

    let withdraw = async |phone: &Phone, id| {
        phone.post::<serde_json::Value>("/v1/invites/withdraw", &WithdrawAsk { id }).await.map(drop)
    };
    let not_allowed = Err(refused(403, RefusalCode::NotAllowed));
    assert_eq!(withdraw(&captain, office.id).await, not_allowed, "a captain invites no captains");
    assert_eq!(withdraw(&canvasser, field.id).await, not_allowed);
    assert_eq!(withdraw(&ana, InviteId::from_bytes([1; 16])).await, Err(refused(404, RefusalCode::InviteUnknown)));
    assert_eq!(withdraw(&captain, field.id).await, Ok(()));
    assert_eq!(
        world.enrol(&enrol_ask(&field.secret)).await.err(),
        Some(refused(410, RefusalCode::InviteExpired)),
        "at once"
    );
    assert_eq!(ids(listed(&ana).await.unwrap()), [office.id]);
    canvasser.sync(&ask(&[])).await.unwrap();
}

#[tokio::test]
async fn a_secret_has_130_bits_in_letters_that_are_not_misread() {
    let world = World::start().await;
    let ana = world.found().await;
    let secret = ana.invite(Role::Canvasser, &[], 1).await.unwrap().secret;
    assert_eq!(secret.len(), 26);
    assert!(secret.bytes().all(|byte| b"0123456789abcdefghjkmnpqrstvwxyz".contains(&byte)));
    assert_ne!(ana.invite(Role::Canvasser, &[], 1).await.unwrap().secret, secret);
}
