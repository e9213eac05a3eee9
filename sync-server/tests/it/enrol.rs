//! `POST /v1/enrol`

use crate::world::{DAY, MINUTE, NEWER, Phone, Refused, World, ask, enrol_ask, fresh, new_doc, refused};
use porchlight_model::id::{CampaignId, DocId};
use porchlight_model::member::Role;
use porchlight_model::relay::{EnrolAsk, Founding, RefusalCode, RosterDevice};
use porchlight_model::time::At;
use reqwest::Method;

fn founding() -> Founding {
    Founding { campaign: CampaignId::from_bytes(fresh()), doc: DocId::from_bytes(fresh()), name: "A".to_owned() }
}

async fn check(world: &World, ask: &EnrolAsk, expected: Refused) {
    assert_eq!(world.enrol(ask).await.err(), Some(expected));
}

#[tokio::test]
async fn a_founder_gets_a_campaign_and_may_do_everything() {
    let world = World::start().await;
    let secret = world.relay.invite_founder().await.unwrap().secret;
    let ask = EnrolAsk { founding: Some(founding()), ..enrol_ask(&secret) };
    let phone = world.enrol(&ask).await.unwrap();
    let founded = ask.founding.unwrap();
    assert_eq!(phone.enrolled.campaign, founded.campaign);
    assert_eq!(phone.enrolled.campaign_doc, founded.doc);
    assert_eq!(phone.enrolled.member, ask.member);
    assert_eq!(phone.enrolled.role, Role::Coordinator);
    assert_eq!(phone.enrolled.lease_until, phone.enrolled.now.plus_ms(14 * DAY));
}

#[tokio::test]
async fn the_same_request_again_gives_the_same_answer_and_uses_up_nothing() {
    let world = World::start().await;
    let ana = world.found().await;
    let secret = ana.invite(Role::Canvasser, &[], 2).await.unwrap().secret;
    let first = enrol_ask(&secret);
    let answer = world.enrol(&first).await.unwrap().enrolled;
    for _ in 0..3 {
        assert_eq!(world.enrol(&first).await.unwrap().enrolled, answer);
    }
    let second = enrol_ask(&secret);
    world.enrol(&second).await.unwrap();
    check(&world, &enrol_ask(&secret), refused(410, RefusalCode::InviteUsed)).await;
    // A lost reply does no harm, even if the invite is used up or expired by then.
    world.pass(2 * 60 * MINUTE);
    assert_eq!(world.enrol(&second).await.unwrap().enrolled.member, second.member);
    check(&world, &enrol_ask(&secret), refused(410, RefusalCode::InviteExpired)).await;
}

#[tokio::test]
async fn a_founding_request_again_founds_nothing_more() {
    let world = World::start().await;
    let secret = world.relay.invite_founder().await.unwrap().secret;
    let ask = EnrolAsk { founding: Some(founding()), ..enrol_ask(&secret) };
    let answer = world.enrol(&ask).await.unwrap().enrolled;
    assert_eq!(world.enrol(&ask).await.unwrap().enrolled, answer);
    assert_eq!(world.relay.upkeep().unwrap().campaigns().await.unwrap(), [answer.campaign]);
}

#[tokio::test]
async fn an_invite_ends_to_the_millisecond() {
    let world = World::start().await;
    let ana = world.found().await;
    let secret = ana.invite(Role::Canvasser, &[], 9).await.unwrap().secret;
    world.pass(60 * MINUTE - 1);
    world.enrol(&enrol_ask(&secret)).await.unwrap();
    world.pass(1);
    check(&world, &enrol_ask(&secret), refused(410, RefusalCode::InviteExpired)).await;
}

#[tokio::test]
async fn bad_requests_are_told_what_is_wrong_with_them() {
    let world = World::start().await;
    let ana = world.found().await;
    let secret = ana.invite(Role::Canvasser, &[], 9).await.unwrap().secret;
    let good = || enrol_ask(&secret);
    check(&world, &EnrolAsk { proto: NEWER, newest: None, ..good() }, refused(426, RefusalCode::WrongVersion)).await;
    check(&world, &enrol_ask("00000000000000000000000000"), refused(404, RefusalCode::InviteUnknown)).await;
    check(&world, &enrol_ask("no secret at all"), refused(404, RefusalCode::InviteUnknown)).await;
    check(&world, &EnrolAsk { token: "abc".to_owned(), ..good() }, refused(400, RefusalCode::Malformed)).await;
    check(&world, &EnrolAsk { name: "  ".to_owned(), ..good() }, refused(400, RefusalCode::Malformed)).await;
    check(&world, &EnrolAsk { name: "A\nna".to_owned(), ..good() }, refused(400, RefusalCode::Malformed)).await;
    check(&world, &EnrolAsk { name: "a".repeat(81), ..good() }, refused(413, RefusalCode::TooLarge)).await;
    world.enrol(&EnrolAsk { name: "ä".repeat(80), ..good() }).await.unwrap();
    check(&world, &EnrolAsk { founding: Some(founding()), ..good() }, refused(400, RefusalCode::Malformed)).await;
    let founder = world.relay.invite_founder().await.unwrap().secret;
    check(&world, &enrol_ask(&founder), refused(400, RefusalCode::Malformed)).await;
    let taken = Founding { doc: ana.campaign_doc(), ..founding() };
    let ask = EnrolAsk { founding: Some(taken), ..enrol_ask(&founder) };
    check(&world, &ask, refused(403, RefusalCode::NotAllowed)).await;
    // None of these used the founding invite up.
    world.enrol(&EnrolAsk { founding: Some(founding()), ..enrol_ask(&founder) }).await.unwrap();
}

#[tokio::test]
async fn capitals_and_spaces_in_a_typed_secret_do_not_matter() {
    let world = World::start().await;
    let ana = world.found().await;
    let secret = ana.invite(Role::Canvasser, &[], 1).await.unwrap().secret;
    world.enrol(&enrol_ask(&format!(" {} ", secret.to_uppercase()))).await.unwrap();
}

#[tokio::test]
async fn nobody_becomes_a_member_or_a_device_that_is_there_already() {
    let world = World::start().await;
    let ana = world.found().await;
    let secret = ana.invite(Role::Canvasser, &[], 9).await.unwrap().secret;
    let ben = world.enrol(&EnrolAsk { member: ana.enrolled.member, ..enrol_ask(&secret) }).await.unwrap();
    assert_ne!(ben.enrolled.member, ana.enrolled.member);
    assert_eq!(ben.enrolled.role, Role::Canvasser);
    let thief = EnrolAsk { device: ana.device, ..enrol_ask(&secret) };
    check(&world, &thief, refused(401, RefusalCode::TokenUnknown)).await;
    let same_token = EnrolAsk { token: ana.token.clone(), ..enrol_ask(&secret) };
    check(&world, &same_token, refused(403, RefusalCode::NotAllowed)).await;
}

#[tokio::test]
async fn a_second_invite_adds_turf_and_can_only_raise_the_role() {
    let world = World::start().await;
    let ana = world.found().await;
    let (one, two) = (new_doc(), new_doc());
    ana.bear(one, &[]).await;
    ana.bear(two, &[]).await;
    let ben = world.join(&ana, Role::Canvasser, &[one]).await;
    let again = |secret: String| EnrolAsk { device: ben.device, token: ben.token.clone(), ..enrol_ask(&secret) };
    let more = ana.invite(Role::Canvasser, &[two], 1).await.unwrap().secret;
    assert_eq!(world.enrol(&again(more)).await.unwrap().enrolled.member, ben.enrolled.member);
    assert_eq!(held(&ana, &ben).await, [one, two]);
    let captain = ana.invite(Role::Captain, &[], 1).await.unwrap().secret;
    assert_eq!(world.enrol(&again(captain)).await.unwrap().enrolled.role, Role::Captain);
    let canvasser = ana.invite(Role::Canvasser, &[], 1).await.unwrap().secret;
    assert_eq!(world.enrol(&again(canvasser)).await.unwrap().enrolled.role, Role::Captain);
}

async fn held(by: &Phone, of: &Phone) -> Vec<DocId> {
    let request = by.request(Method::GET, "/v1/roster");
    let roster: Vec<RosterDevice> = crate::world::reply(request).await.unwrap();
    roster.into_iter().find(|row| row.device == of.device).unwrap().docs
}

#[tokio::test]
async fn a_lease_ends_unless_a_sync_renews_it_and_a_new_invite_starts_it_again() {
    let world = World::start().await;
    let ana = world.found().await;
    world.pass(13 * DAY);
    assert_eq!(ana.sync(&ask(&[])).await.unwrap().lease_until, At(1_795_000_000_000 + 27 * DAY));
    world.pass(14 * DAY - 1);
    let roster = || ana.request(Method::GET, "/v1/roster");
    assert!(crate::world::status(roster()).await.is_success());
    world.pass(1);
    assert_eq!(ana.sync(&ask(&[])).await.err(), Some(refused(403, RefusalCode::LeaseEnded)));
    let of = porchlight_relay::relay::InviteOf {
        campaign: Some(ana.enrolled.campaign),
        role: Role::Coordinator,
        docs: Vec::new(),
        label: String::new(),
        uses: 1,
        minutes: 5,
        by: None,
    };
    let secret = world.relay.invite(of).await.unwrap().secret;
    let anew = EnrolAsk { device: ana.device, token: ana.token.clone(), ..enrol_ask(&secret) };
    world.enrol(&anew).await.unwrap();
    ana.sync(&ask(&[])).await.unwrap();
    // The same request again is answered, but starts no lease.
    world.pass(15 * DAY);
    world.enrol(&anew).await.unwrap();
    assert_eq!(ana.sync(&ask(&[])).await.err(), Some(refused(403, RefusalCode::LeaseEnded)));
}

#[tokio::test]
async fn a_device_stays_in_its_campaign() {
    let world = World::start().await;
    let (ana, eve) = (world.found().await, world.found().await);
    let secret = eve.invite(Role::Canvasser, &[], 1).await.unwrap().secret;
    let ask = EnrolAsk { device: ana.device, token: ana.token.clone(), ..enrol_ask(&secret) };
    check(&world, &ask, refused(403, RefusalCode::NotAllowed)).await;
    let founder = world.relay.invite_founder().await.unwrap().secret;
    let ask = EnrolAsk { secret: founder, founding: Some(founding()), ..ask };
    check(&world, &ask, refused(403, RefusalCode::NotAllowed)).await;
}

#[tokio::test]
async fn neither_secrets_nor_tokens_are_in_the_store() {
    let world = World::start().await;
    let ana = world.found().await;
    let secret = ana.invite(Role::Canvasser, &[], 1).await.unwrap().secret;
    let token = hex::decode(&ana.token).unwrap();
    let folder = world.folder();
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        assert!(!has(secret.as_bytes()) && !has(&token) && !has(ana.token.as_bytes()));
    }
}
