//! `GET /v1/hints`

use crate::author::Author;
use crate::world::{Phone, World, ask, enrol_ask, new_doc, ok, refused};
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::member::Role;
use porchlight_model::relay::{RefusalCode, ShutOutAsk, ShutOutDone, TakeBackAsk};
use porchlight_relay::Clock;
use reqwest::{Method, Response};
use std::time::Duration;

/// Far longer than any of this takes.
const LONG: Duration = Duration::from_secs(20);

pub(crate) struct Stream(Response, String);

impl Stream {
    pub(crate) async fn open(phone: &Phone) -> Self {
        let response = ok(phone.request(Method::GET, "/v1/hints").send().await.unwrap()).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(response, String::new())
    }

    /// The next event; `None` when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.1.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.1 = rest;
                return Some(event);
            }
            let chunk = tokio::time::timeout(LONG, self.0.chunk()).await.expect("an event in time").ok()??;
            self.1.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

#[tokio::test]
async fn a_device_hears_of_changes_by_others_to_its_own_documents() {
    let world = World::start().await;
    let ana = world.found().await;
    let (turf, other) = (new_doc(), new_doc());
    ana.bear(turf, &[]).await;
    ana.bear(other, &[]).await;
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    let (mut by_ana, mut by_ben) = (Stream::open(&ana).await, Stream::open(&ben).await);
    let (mut office, mut elsewhere) = (Author::new(), Author::new());
    ana.push(other, &[elsewhere.write()]).await;
    ana.push(turf, &[office.write(), office.write()]).await;
    let changed = |doc, last| Some(format!("event: changed\ndata: {{\"doc\":\"{doc}\",\"last\":{last}}}"));
    assert_eq!(by_ben.next().await, changed(turf, 2));
    ben.push(turf, &[office.fork().write()]).await;
    assert_eq!(by_ana.next().await, changed(turf, 3));
}

#[tokio::test]
async fn a_turf_taken_back_is_heard_as_a_wish_to_sync_and_then_no_more() {
    let world = World::start().await;
    let ana = world.found().await;
    let turf = new_doc();
    let mut author = Author::new();
    ana.bear(turf, &[author.write()]).await;
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    let mut by_ben = Stream::open(&ben).await;
    let _: serde_json::Value = ana.post("/v1/take-back", &TakeBackAsk { doc: turf, device: ben.device }).await.unwrap();
    assert_eq!(by_ben.next().await.as_deref(), Some("event: sync\ndata: {}"));
    ana.push(turf, &[author.write()]).await;
    ana.push(ana.campaign_doc(), &[Author::new().write()]).await;
    assert!(by_ben.next().await.unwrap().contains(&ana.campaign_doc().to_string()));
}

#[tokio::test]
async fn a_revoked_device_hears_nothing_more() {
    let world = World::start().await;
    let ana = world.found().await;
    let ben = world.join(&ana, Role::Canvasser, &[]).await;
    let mut by_ben = Stream::open(&ben).await;
    world.relay.enrolment().unwrap().revoke(ben.device, world.clock.now()).await.unwrap();
    ana.push(ana.campaign_doc(), &[Author::new().write()]).await;
    assert_eq!(by_ben.next().await, None);
}

/// The number of events sent to streams, and the number of reads of devices' grants.
async fn work(world: &World) -> (u64, u64) {
    (world.metric("hint_wakes_total").await, world.metric("hint_reads_total").await)
}

/// Makes turf for `n` canvassers, who all listen.
async fn canvassers(world: &World, office: &Phone, n: usize) -> Vec<(Phone, DocId, Stream)> {
    let mut all = Vec::new();
    for _ in 0..n {
        let turf = new_doc();
        office.bear(turf, &[]).await;
        let phone = world.join(office, Role::Canvasser, &[turf]).await;
        let stream = Stream::open(&phone).await;
        all.push((phone, turf, stream));
    }
    all
}

#[tokio::test]
async fn a_hint_wakes_those_who_hear_of_the_document_and_shutting_one_out_has_nobody_elses_grants_read() {
    const N: usize = 20;
    let world = World::start().await;
    let office = world.found().await;
    let mut others = canvassers(&world, &office, N).await;
    let mut by_office = Stream::open(&office).await;
    let (author, turf, _) = &others[5];
    author.push(*turf, &[Author::new().write()]).await;
    while !by_office.next().await.unwrap().contains(&turf.to_string()) {}
    let (wakes, reads) = work(&world).await;
    assert_eq!(reads, N as u64 + 1, "once for each stream");

    // A result wakes neither its author nor anyone without the turf.
    let (author, turf, _) = &others[0];
    author.push(*turf, &[Author::new().write()]).await;
    assert!(by_office.next().await.unwrap().contains(&turf.to_string()));
    // Turf that is taken back, once through the relay and once behind its back: one read for one device, and one for all.
    let taken = TakeBackAsk { doc: others[1].1, device: others[1].0.device };
    let _: serde_json::Value = office.post("/v1/take-back", &taken).await.unwrap();
    assert_eq!(others[1].2.next().await.as_deref(), Some("event: sync\ndata: {}"));
    assert_eq!(work(&world).await, (wakes + 2, reads + 1));
    world.relay.enrolment().unwrap().revoke(others[2].0.device, world.clock.now()).await.unwrap();
    let (author, turf, _) = &others[3];
    author.push(*turf, &[Author::new().write()]).await;
    assert_eq!(others[2].2.next().await, None, "the one who is shut out");
    // Devices that hear of everything are told to sync when it is not known what happened.
    assert_eq!(by_office.next().await.as_deref(), Some("event: sync\ndata: {}"));
    // The next result costs no read.
    let (author, turf, _) = &others[4];
    author.push(*turf, &[Author::new().write()]).await;
    while !by_office.next().await.unwrap().contains(&turf.to_string()) {}
    let (woken, read) = work(&world).await;
    assert_eq!(read, reads + 2);
    assert!(woken - wakes <= 6, "{woken} {wakes}");
    // Everyone who hears of a document is still notified.
    office.push(office.campaign_doc(), &[Author::new().write()]).await;
    for (n, (_, _, stream)) in others.iter_mut().enumerate().filter(|(n, _)| *n != 2) {
        assert!(stream.next().await.unwrap().contains(&office.campaign_doc().to_string()), "{n}");
    }
}

#[tokio::test]
async fn a_turf_handed_to_a_device_that_listens_is_heard_of_at_once() {
    let world = World::start().await;
    let ana = world.found().await;
    let turf = new_doc();
    ana.bear(turf, &[]).await;
    let ben = world.join(&ana, Role::Canvasser, &[]).await;
    let mut by_ben = Stream::open(&ben).await;
    let mut again = enrol_ask(&ana.invite(Role::Canvasser, &[turf], 1).await.unwrap().secret);
    (again.device, again.token) = (ben.device, ben.token.clone());
    world.enrol(&again).await.unwrap();
    assert_eq!(by_ben.next().await.as_deref(), Some("event: sync\ndata: {}"));
    ana.push(turf, &[Author::new().write()]).await;
    assert!(by_ben.next().await.unwrap().contains(&turf.to_string()));
}

#[tokio::test]
async fn a_device_holds_four_streams_and_not_five() {
    let world = World::start().await;
    let ana = world.found().await;
    let mut streams = Vec::new();
    for _ in 0..4 {
        streams.push(Stream::open(&ana).await);
    }
    let fifth = || async { ok(ana.request(Method::GET, "/v1/hints").send().await.unwrap()).await };
    assert_eq!(fifth().await.err(), Some(refused(429, RefusalCode::SlowDown)));
    let ben = world.join(&ana, Role::Canvasser, &[]).await;
    Stream::open(&ben).await;
}

#[tokio::test]
async fn streams_end_when_the_relay_stops() {
    let world = World::start().await;
    let ana = world.found().await;
    let mut stream = Stream::open(&ana).await;
    let stopping = tokio::spawn(world.restart());
    assert_eq!(stream.next().await, None);
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_device_that_is_shut_out_hears_nothing_more_and_nobody_elses_grants_are_read() {
    let world = World::start().await;
    let office = world.found().await;
    let captain = world.join(&office, Role::Captain, &[]).await;
    let mut others = canvassers(&world, &office, 6).await;
    let (_, reads) = work(&world).await;
    let lost = ShutOutAsk { device: others[0].0.device };
    assert_eq!(
        others[1].0.post::<ShutOutDone>("/v1/shut-out", &lost).await,
        Err(refused(403, RefusalCode::NotAllowed))
    );
    let done: ShutOutDone = captain.post("/v1/shut-out", &lost).await.unwrap();
    assert_eq!(done, ShutOutDone { is_news: true, n_invites: 0 });
    assert_eq!(others[0].2.next().await, None);
    assert_eq!(others[0].0.sync(&ask(&[])).await.err(), Some(refused(403, RefusalCode::Revoked)));
    let done: ShutOutDone = captain.post("/v1/shut-out", &lost).await.unwrap();
    assert!(!done.is_news);
    office.push(office.campaign_doc(), &[Author::new().write()]).await;
    for (_, _, stream) in &mut others[1..] {
        assert!(stream.next().await.unwrap().contains(&office.campaign_doc().to_string()));
    }
    assert_eq!(work(&world).await.1, reads + 1);
    let nobody = ShutOutAsk { device: DeviceId::from_bytes([9; 16]) };
    assert_eq!(office.post::<ShutOutDone>("/v1/shut-out", &nobody).await, Err(refused(404, RefusalCode::NotFound)));
}
