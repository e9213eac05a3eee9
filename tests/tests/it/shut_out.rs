//! Stories of a lost phone: who shuts it out, what that does, and how its owner returns.

use crate::story::{World, world};
use porchlight_model::calls::door::OpenDoor;
use porchlight_model::calls::handover::{HandOver, TakeOver};
use porchlight_model::calls::invite::OpenLinks;
use porchlight_model::calls::invite::ShutOut;
use porchlight_model::calls::invite::{HandOut, Roster};
use porchlight_model::calls::join::{CleanUp, LookAtInvite};
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::id::DeviceId;
use porchlight_model::member::Role;
use porchlight_model::message::ErrorCode;
use porchlight_model::relay::ShutOutDone;
use porchlight_tests::campaign::{hand_out, houses, invite, not_home};
use porchlight_tests::person::{Person, chosen};

fn device(person: &Person) -> DeviceId {
    person.handle().with(|engine| engine.member().unwrap().identity.device)
}

/// The devices that are shut out, on this person's device.
async fn out(person: &Person) -> Vec<String> {
    let devices = person.ask(Roster {}).await.unwrap().devices;
    devices.into_iter().filter(|(device, _)| device.is_revoked).map(|(device, _)| device.name).collect()
}

/// Who shut out whom and when, as this person's device shows it; `None` for the operator.
async fn by_whom(person: &Person) -> Vec<(String, Option<DeviceId>, String)> {
    let devices = person.ask(Roster {}).await.unwrap().devices;
    let how = devices.into_iter().filter_map(|(device, _)| Some((device.name, device.revocation?)));
    how.map(|(name, how)| (name, how.by, how.by_name)).collect()
}

async fn refusal(by: &Person, who: &Person) -> String {
    by.call(ShutOut { device: device(who) }).await.unwrap_err().message.id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_phone_is_shut_out_by_a_captain_and_what_it_had_not_sent_comes_by_file() {
    let World { relay: _relay, office, ana, ben, turf, folder } = world().await;
    let cleo = Person::new("Cleo", folder.path()).unwrap();
    invite(&office, &cleo, Role::Captain).await.unwrap();
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    ana.sync().await.unwrap();
    not_home(&ana, doors[1]).await.unwrap();
    cleo.sync().await.unwrap();

    let done = cleo.ask(ShutOut { device: device(&ana) }).await.unwrap();
    assert_eq!(done, ShutOutDone { is_news: true, n_invites: 0 });
    assert_eq!(out(&cleo).await, ["Ana"], "without another sync");
    let by_cleo = [("Ana".to_owned(), Some(device(&cleo)), "Cleo".to_owned())];
    assert_eq!(by_whom(&cleo).await, by_cleo, "without another sync");
    let again = cleo.ask(ShutOut { device: device(&ana) }).await.unwrap();
    assert_eq!(again, ShutOutDone { is_news: false, n_invites: 0 });
    office.sync().await.unwrap();
    assert_eq!(out(&office).await, ["Ana"]);
    assert_eq!(by_whom(&office).await, by_cleo);

    // What was sent is there; the rest comes by file.
    let told = ana.sync().await.unwrap();
    assert_eq!(told.trouble.unwrap().id, "error-revoked");
    assert_eq!(office.ask(OpenDoor { door: doors[0] }).await.unwrap().history.len(), 1);
    assert!(office.ask(OpenDoor { door: doors[1] }).await.unwrap().history.is_empty());
    let path = folder.path().join("ana.json");
    std::fs::write(&path, ana.ask(HandOver {}).await.unwrap().text).unwrap();
    cleo.ask(TakeOver { file: chosen(&path).unwrap() }).await.unwrap();
    cleo.sync().await.unwrap();
    office.sync().await.unwrap();
    assert_eq!(office.ask(OpenDoor { door: doors[1] }).await.unwrap().history.len(), 1);

    // She returns on another phone by a new link. Her partner notices nothing.
    let elsewhere = tempfile::tempdir().unwrap();
    let new = Person::new("Ana", elsewhere.path()).unwrap();
    hand_out(&cleo, turf, &[&new]).await.unwrap();
    assert_eq!(new.ask(OpenDoor { door: doors[1] }).await.unwrap().history.len(), 1);
    ben.sync().await.unwrap();
    assert_eq!(ben.ask(MyTurf {}).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn captains_shut_canvassers_out_and_coordinators_everyone_but_themselves() {
    let World { relay: _relay, office, ana, ben, turf, folder } = world().await;
    let (cleo, carl) = (Person::new("Cleo", folder.path()).unwrap(), Person::new("Carl", folder.path()).unwrap());
    for captain in [&cleo, &carl] {
        invite(&office, captain, Role::Captain).await.unwrap();
        captain.sync().await.unwrap();
    }
    assert_eq!(refusal(&ana, &ben).await, "error-only-office");
    assert_eq!(refusal(&cleo, &office).await, "error-only-coordinator");
    assert_eq!(refusal(&cleo, &carl).await, "error-only-coordinator");
    assert_eq!(refusal(&office, &office).await, "team-shut-out-own");
    let link = cleo.ask(HandOut { turf, uses: 4, minutes: 60 }).await.unwrap().link;
    assert_eq!(office.ask(OpenLinks {}).await.unwrap().len(), 1);
    let done = office.ask(ShutOut { device: device(&cleo) }).await.unwrap();
    assert_eq!(done, ShutOutDone { is_news: true, n_invites: 1 });
    assert_eq!(ana.call(LookAtInvite { link }).await.unwrap_err().message.id, "error-invite-expired");
    assert!(office.ask(OpenLinks {}).await.unwrap().is_empty());
    assert_eq!(refusal(&cleo, &ana).await, "error-revoked", "who is shut out shuts nobody out");
    office.sync().await.unwrap();
    assert_eq!(out(&office).await, ["Cleo"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_relay_nobody_is_shut_out_and_trying_again_does_it() {
    let World { mut relay, office, ana, folder: _folder, .. } = world().await;
    office.sync().await.unwrap();
    relay.kill().unwrap();
    let error = office.call(ShutOut { device: device(&ana) }).await.unwrap_err();
    assert_eq!((error.code, error.message.id.as_str()), (ErrorCode::Offline, "team-shut-out-offline"));
    assert!(out(&office).await.is_empty());
    relay.restart().unwrap();
    assert!(ana.sync().await.unwrap().trouble.is_none());
    office.ask(ShutOut { device: device(&ana) }).await.unwrap();
    assert_eq!(out(&office).await, ["Ana"]);
    assert_eq!(ana.sync().await.unwrap().trouble.unwrap().id, "error-revoked");
    // The phone is found again: after it is cleared, a new link admits it.
    ana.call(CleanUp { typed: String::new() }).await.unwrap();
    invite(&office, &ana, Role::Canvasser).await.unwrap();
    assert!(ana.sync().await.unwrap().trouble.is_none());
}
