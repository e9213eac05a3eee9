//! A page without a browser sends requests to a hub over real sockets.
#![allow(clippy::unwrap_used)]

mod page;

pub(crate) use page::Page;

use super::frames::{Answer, Broken, Inbox};
use super::*;
use page::{body, frames_of, now, serving, serving_within, whole};
use proptest::prelude::*;
use std::time::Duration;
use str0m::IceCreds;
use str0m::channel::ChannelConfig;
use str0m::ice::{StunMessage, TransId};

#[tokio::test]
async fn small_and_long_requests_are_answered_and_the_router_sees_the_peer() {
    let hub = serving().await;
    let mut page = Page::open(&hub).await;
    page.send_whole(7, &whole("GET", "/hello", b"")).await;
    let (id, head, said) = page.answer().await;
    assert_eq!((id, head["status"].as_u64()), (7, Some(200)));
    assert_eq!(String::from_utf8(said).unwrap(), format!("hello {}", page.socket.local_addr().unwrap()));
    assert_eq!(head["headers"]["content-type"], "text/plain; charset=utf-8");
    let long = body(3 * 1024 * 1024);
    page.send_whole(8, &whole("POST", "/echo?x=1", &long)).await;
    let (id, _, said) = page.answer().await;
    assert!(id == 8 && said == long);
    for (path, status) in [("/v1/hints", 404), ("/nowhere", 404), ("/echo", 405)] {
        page.send_whole(9, &whole("GET", path, b"")).await;
        assert_eq!(page.answer().await.1["status"], status, "{path}");
    }
}

#[tokio::test]
async fn two_pages_are_served_at_once_and_garbage_disturbs_neither() {
    let hub = serving().await;
    let (mut ana, mut ben) = tokio::join!(Page::open(&hub), Page::open(&hub));
    for garbage in [vec![], vec![0], vec![22; 40], vec![23; 400], vec![0; 20], vec![128; 60], body(2000)] {
        ana.socket.send_to(&garbage, hub.at).await.unwrap();
    }
    let (for_ana, for_ben) = (body(200_000), body(300_001));
    ana.send_whole(1, &whole("POST", "/echo", &for_ana)).await;
    ben.send_whole(1, &whole("POST", "/echo", &for_ben)).await;
    ana.send_whole(2, &whole("POST", "/echo", &for_ana[1..])).await;
    let (to_ana, to_ben) = tokio::join!(async { [ana.answer().await, ana.answer().await] }, ben.answer());
    assert!(to_ben.2 == for_ben);
    let bodies = to_ana.map(|(id, _, body)| (id, body));
    assert!(bodies.contains(&(1, for_ana.clone())) && bodies.contains(&(2, for_ana[1..].to_vec())));
}

#[tokio::test]
async fn what_breaks_the_rules_ends_the_link() {
    let hub = serving().await;
    let head = |text: &str| [&u32::try_from(text.len()).unwrap().to_le_bytes(), text.as_bytes()].concat();
    let frame = |mark: u8, rest: &[u8]| [&[1, 0, 0, 0, mark][..], rest].concat();
    let broken = [
        (true, vec![1, 0]),
        (true, frame(2, b"x")),
        (true, frame(0, b"")),
        (false, frame(1, &whole("GET", "/hello", b""))),
        (true, frame(1, &[255, 255, 255, 255, 0])),
        (true, frame(1, &head("{}"))),
        (true, frame(1, &head(r#"{"method":"GET","path":"hello"}"#))),
        (true, frame(1, &head(r#"{"method":"G T","path":"/"}"#))),
        (true, frame(1, &head(r#"{"method":"GET","path":"/","headers":{"a b":"c"}}"#))),
        (true, frame(1, &head(r#"{"method":"GET","path":"/","headers":{"a":"b\nc"}}"#))),
    ];
    for (is_binary, message) in broken {
        let mut page = Page::open(&hub).await;
        page.send(is_binary, &message).await;
        page.closed().await;
    }
}

#[tokio::test]
async fn a_second_channel_ends_the_link() {
    let hub = serving().await;
    let mut page = Page::open(&hub).await;
    let config = ChannelConfig { label: "porchlight".to_owned(), ..Default::default() };
    page.rtc.direct_api().create_data_channel(config);
    page.closed().await;
}

#[tokio::test]
async fn a_fifth_request_at_once_ends_the_link() {
    let hub = serving().await;
    let mut page = Page::open(&hub).await;
    for id in 0..4 {
        page.send_whole(id, &whole("GET", "/never", b"")).await;
    }
    page.send(true, &frames_of(4, &body(100_000))[0]).await;
    page.closed().await;
}

#[tokio::test]
async fn a_hub_that_stops_says_goodbye() {
    let hub = serving().await;
    let mut page = Page::open(&hub).await;
    page.send_whole(1, &whole("GET", "/never", b"")).await;
    page.flush().await;
    hub.stop.send_replace(true);
    page.closed().await;
    assert!(hub.served.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_socket_of_no_particular_address_is_refused() {
    let socket = UdpSocket::bind("0.0.0.0:0").await.unwrap();
    assert_eq!(LinkSocket::new(socket).unwrap_err().kind(), io::ErrorKind::InvalidInput);
}

#[tokio::test]
async fn places_come_and_go_and_a_link_lives_on_where_it_is() {
    let hub = serving().await;
    let other = UdpSocket::bind("127.0.0.2:0").await.unwrap();
    let at = other.local_addr().unwrap();
    hub.places.send_modify(|places| places.push(LinkSocket::new(other).unwrap()));
    let (mut ana, mut ben) = (Page::open(&hub).await, Page::open_to(&[at], hub.fingerprint).await);
    let asks = async |page: &mut Page| {
        page.send_whole(1, &whole("GET", "/hello", b"")).await;
        assert_eq!(page.answer().await.1["status"], 200);
    };
    asks(&mut ana).await;
    hub.places.send_modify(|places| drop(places.remove(0)));
    asks(&mut ben).await;
    // Given two addresses, a page uses the one that answers.
    asks(&mut Page::open_to(&[hub.at, at], hub.fingerprint).await).await;
    // A hub without an address waits until it has one.
    let again = hub.places.borrow()[0].clone();
    hub.places.send_replace(Vec::new());
    hub.places.send_replace(vec![again]);
    asks(&mut ben).await;
    drop(hub.places);
    assert!(hub.served.await.unwrap().is_ok());
}

/// A hub that nobody can reach.
pub(super) fn deaf() -> Arc<Hub> {
    let certificate = Certificate::generate().unwrap();
    Arc::new(Hub {
        places: watch::channel(Vec::new()).1,
        credentials: knock::credentials(certificate.fingerprint()),
        certificate: DtlsCert { certificate: certificate.der, private_key: certificate.key_pkcs8_der },
        crypto: Arc::new(crypto::provider()),
        router: Router::new(),
        room: Arc::new(Semaphore::new(MAX_HELD_BYTES)),
    })
}

fn knock_of(credentials: &IceCreds, client: &str) -> Vec<u8> {
    let username = format!("{}:{client}", credentials.ufrag);
    let message = StunMessage::binding_request(&username, TransId::new(), true, 1, 1, false);
    let mut bytes = vec![0; 1024];
    let n = message.to_bytes(Some(credentials.pass.as_bytes()), &mut bytes, crypto::sha1_hmac).unwrap();
    bytes.truncate(n);
    bytes
}

fn datagram(bytes: Vec<u8>) -> Datagram {
    let at = ([127, 0, 0, 1], 1).into();
    Datagram { at, from: at, bytes }
}

#[tokio::test(start_paused = true)]
async fn a_link_that_never_opens_ends_and_so_does_one_from_before() {
    let (_stop, stopping) = watch::channel(false);
    for (bytes, ends_after) in [(vec![22; 30], MAX_HALF_OPEN), (vec![23; 30], Duration::ZERO)] {
        let (sender, datagrams) = mpsc::channel(1);
        sender.try_send(datagram(bytes)).unwrap();
        let began = tokio::time::Instant::now();
        Link::new(deaf(), "client", ([127, 0, 0, 1], 1).into()).run(datagrams, stopping.clone()).await;
        assert_eq!(began.elapsed(), ends_after);
    }
}

#[tokio::test]
async fn only_who_knows_the_password_gets_a_link_and_nobody_too_many() {
    let hub = deaf();
    let mut table = Table::default();
    let mut tasks = JoinSet::new();
    let mut hear = |table: &mut Table, from: SocketAddr, bytes: Vec<u8>| {
        table.hear(&hub, datagram(bytes), from, |_, _| tasks.spawn(std::future::pending::<()>()).id());
        table.links.len()
    };
    let from = |host: u8, port: u16| SocketAddr::from(([10, 0, 0, host], port));
    let right = &hub.credentials;
    let wrong_password = IceCreds { pass: "0".repeat(32), ..right.clone() };
    let wrong_name = IceCreds { ufrag: "nobody".to_owned(), ..right.clone() };
    for n in 0..1000 {
        let client = format!("client{n}");
        hear(&mut table, from(1, n), knock_of(&wrong_password, &client));
        hear(&mut table, from(1, n), knock_of(&wrong_name, &client));
        assert_eq!(hear(&mut table, from(1, n), vec![22; 100]), 0);
    }
    let mut n_links = 0;
    for host in 0..12 {
        for n in 0..10 {
            n_links = hear(&mut table, from(host, n), knock_of(right, &format!("{host}-{n}")));
            assert!(n_links <= MAX_LINKS_PER_ADDRESS * (usize::from(host) + 1));
        }
    }
    assert_eq!(n_links, MAX_LINKS);
    for port in 0..100 {
        hear(&mut table, from(0, 1000 + port), knock_of(right, "0-0"));
    }
    assert_eq!(table.names.values().filter(|name| *name == "0-0").count(), MAX_ADDRESSES_PER_LINK);
    let ended = table.links["0-0"].task;
    table.forget(ended);
    assert_eq!(hear(&mut table, from(0, 0), knock_of(right, "0-0")), MAX_LINKS - 1, "a name comes once");
    assert_eq!(hear(&mut table, from(0, 0), knock_of(right, "new")), MAX_LINKS);
}

#[tokio::test]
async fn no_more_datagrams_wait_for_a_link_than_it_may_have() {
    let hub = deaf();
    let (mut table, mut tasks) = (Table::default(), JoinSet::new());
    let (knock, from) = (knock_of(&hub.credentials, "client"), SocketAddr::from(([10, 0, 0, 1], 1)));
    let (queue_of, queue) = std::sync::mpsc::channel();
    let mut queues = vec![queue_of];
    let mut knock = |table: &mut Table| {
        table.hear(&hub, datagram(knock.clone()), from, |_, datagrams| {
            queues.pop().unwrap().send(datagrams).unwrap();
            tasks.spawn(std::future::pending::<()>()).id()
        });
    };
    knock(&mut table);
    let mut queue: mpsc::Receiver<Datagram> = queue.recv().unwrap();
    for _ in 1..MAX_DATAGRAMS_WAITING {
        knock(&mut table);
    }
    assert_eq!(queue.len(), MAX_DATAGRAMS_WAITING);
    knock(&mut table);
    assert_eq!(queue.len(), MAX_DATAGRAMS_WAITING, "one more is dropped");
    queue.recv().await.unwrap();
    knock(&mut table);
    assert_eq!(queue.len(), MAX_DATAGRAMS_WAITING, "and the next has its place");
}

#[test]
fn sockets_that_fail_now_and_then_are_passed_over_and_such_as_fail_again_and_again_are_not() {
    let fault = || Err::<(), _>(io::Error::from(io::ErrorKind::ConnectionReset));
    let mut faults = Faults::default();
    for _ in 0..3 {
        for _ in 1..MAX_FAULTS_IN_A_ROW {
            assert_eq!(faults.sift(fault()).unwrap(), None);
        }
        assert_eq!(faults.sift(Ok(())).unwrap(), Some(()));
    }
    for _ in 1..MAX_FAULTS_IN_A_ROW {
        assert_eq!(faults.sift(fault()).unwrap(), None);
    }
    assert_eq!(faults.sift(fault()).unwrap_err().kind(), io::ErrorKind::ConnectionReset);
}

const A_LITTLE: Duration = Duration::from_millis(500);

#[tokio::test(start_paused = true)]
async fn a_link_that_carries_nothing_ends_after_its_time_and_not_before() {
    let hub = serving().await;
    let mut page = Page::open(&hub).await;
    for id in 0..2 {
        page.idles(MAX_IDLE - A_LITTLE).await;
        assert_eq!(page.status(id, &whole("GET", "/hello", b"")).await, 200, "its time begins anew with each");
    }
    let began = now();
    page.idles(2 * MAX_IDLE).await;
    let lived = now() - began;
    assert!(page.is_closed && lived > MAX_IDLE - A_LITTLE && lived < MAX_IDLE + A_LITTLE, "{lived:?}");
}

#[tokio::test(start_paused = true)]
async fn a_link_whose_client_is_silent_ends_after_its_time_and_not_before() {
    let hub = serving().await;
    let mut page = Page::open(&hub).await;
    page.flush().await;
    tokio::time::sleep(MAX_SILENCE - A_LITTLE).await;
    assert_eq!(page.status(1, &whole("GET", "/hello", b"")).await, 200);
    page.flush().await;
    tokio::time::sleep(MAX_SILENCE + A_LITTLE).await;
    page.closed().await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_takes_too_long_is_given_up_and_a_link_that_waits_for_one_is_not_idle() {
    let hub = serving().await;
    let mut page = Page::open(&hub).await;
    let limit = u64::try_from(ANSWER_WITHIN.as_millis()).unwrap();
    for (ms, status) in [(limit - 1, 200), (limit + 1, 504), (1, 200)] {
        assert_eq!(page.status(1, &whole("GET", &format!("/after/{ms}"), b"")).await, status, "{ms} ms");
    }
}

#[tokio::test]
async fn answers_are_bounded_in_length_and_all_that_is_held_in_sum() {
    let hub = serving().await;
    let mut page = Page::open(&hub).await;
    let get = |n: usize| whole("GET", &format!("/bytes/{n}"), b"");
    assert_eq!(page.status(1, &get(MAX_ANSWER_BYTES)).await, 200);
    assert_eq!(page.status(2, &get(MAX_ANSWER_BYTES + 1)).await, 502);

    // A request counts until it is answered, an answer until it is sent; all links share the budget.
    let room = 100_000;
    let hub = serving_within(room).await;
    let (mut ana, mut ben) = tokio::join!(Page::open(&hub), Page::open(&hub));
    let most = room - get(room).len() + 1;
    assert_eq!(get(most).len(), get(room).len() - 1, "a digit less");
    assert_eq!(ana.status(1, &get(most)).await, 200);
    assert_eq!(ben.status(1, &get(most + 1)).await, 503, "the link lives on");
    assert_eq!(ben.status(2, &get(most)).await, 200);
    let post = |n: usize| {
        let head = whole("POST", "/swallow", b"").len();
        whole("POST", "/swallow", &body(n - head))
    };
    assert_eq!(ana.status(2, &post(room)).await, 200);
    let begun = &post(room)[..50_000];
    for frame in frames_of(3, begun).iter().map(|frame| [&frame[..4], &[0], &frame[5..]].concat()) {
        ana.send(true, &frame).await;
    }
    assert_eq!(ana.status(4, &post(room - begun.len())).await, 200);
    ben.send_whole(3, &post(room - begun.len() + 1)).await;
    ben.closed().await;
    assert_eq!(ana.status(5, &post(room - begun.len())).await, 200, "what the other held is free again");
}

#[test]
fn requests_are_bounded_in_length_and_in_sum() {
    let feed = |room: usize, whole: &[u8]| {
        let room = Arc::new(Semaphore::new(room));
        let mut inbox = Inbox::default();
        let mut taken = Ok(None);
        for frame in frames_of(1, whole) {
            taken = inbox.take(&frame, &room);
            if taken.is_err() {
                break;
            }
        }
        taken.map(|request| request.map(|(_, request)| request.body.len()))
    };
    let longest = whole("POST", "/", &body(MAX_REQUEST_BYTES));
    assert_eq!(feed(MAX_HELD_BYTES, &longest), Ok(Some(MAX_REQUEST_BYTES)));
    assert_eq!(feed(MAX_HELD_BYTES, &whole("POST", "/", &body(MAX_REQUEST_BYTES + 1))), Err(Broken::TooLong));
    assert_eq!(feed(MAX_HELD_BYTES, &body(MAX_REQUEST_BYTES * 2)), Err(Broken::TooLong));
    assert_eq!(feed(longest.len() - 1, &longest), Err(Broken::NoRoom));
    let long_path = format!("/{}", "a".repeat(MAX_HEAD_BYTES));
    assert_eq!(feed(MAX_HELD_BYTES, &whole("GET", &long_path, b"")), Err(Broken::TooLong));
    assert_eq!(feed(MAX_HELD_BYTES, &[&[0; MAX_FRAME_BYTES][..], &[0]].concat()), Err(Broken::Request));
}

proptest! {
    #[test]
    fn no_datagrams_kill_a_link(
        datagrams in prop::collection::vec((prop::sample::select(&[0, 1, 20, 21, 22, 22, 23, 25, 63][..]), any::<bool>(), prop::collection::vec(any::<u8>(), 0..80)), 0..40),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let hub = deaf();
            let (sender, receiver) = mpsc::channel(100);
            let knock = knock_of(&hub.credentials, "client");
            for (kind, is_record, mut rest) in datagrams {
                if is_record {
                    // A record of DTLS 1.2 with the right length.
                    let n = u8::try_from(rest.len()).unwrap();
                    rest.splice(0..0, [254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, n]);
                }
                sender.try_send(datagram([&[kind], &*rest].concat())).unwrap();
                sender.try_send(datagram(knock.clone())).unwrap();
            }
            let (_stop, stopping) = watch::channel(false);
            Link::new(hub, "client", ([127, 0, 0, 1], 1).into()).run(receiver, stopping).await;
        });
    }

    #[test]
    fn answers_come_out_whole(n in 0..4 * MAX_FRAME_BYTES) {
        let mut headers = axum::http::HeaderMap::new();
        headers.append("x", "1".parse().unwrap());
        headers.append("x", "2".parse().unwrap());
        let body = body(n);
        let mut answer = Answer::new(3, 200, &headers, body.clone().into(), None);
        let mut whole = Vec::new();
        loop {
            let frame = answer.frame();
            prop_assert!(frame.len() <= MAX_FRAME_BYTES && frame.len() > 5);
            prop_assert_eq!(&frame[..4], &[3, 0, 0, 0]);
            whole.extend_from_slice(&frame[5..]);
            if answer.sent() {
                prop_assert_eq!(frame[4], 1);
                break;
            }
            prop_assert_eq!(frame[4], 0);
        }
        let head = br#"{"status":200,"headers":{"x":"1, 2"}}"#;
        prop_assert!(whole == [&[37, 0, 0, 0][..], head, &body].concat());
    }

    #[test]
    fn any_bytes_are_taken_without_harm(frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..8)) {
        let mut inbox = Inbox::default();
        let room = Arc::new(Semaphore::new(100));
        for frame in &frames {
            let _ = inbox.take(frame, &room);
            let _ = knock::client_of(&knock::credentials([7; 32]), frame);
        }
    }

    #[test]
    fn a_knock_that_was_changed_is_none(at in 0_usize..92, to: u8) {
        let credentials = knock::credentials([7; 32]);
        let mut knock = knock_of(&credentials, "client");
        prop_assert_eq!(knock::client_of(&credentials, &knock), Some("client".to_owned()));
        let at = at % (knock.len() - 8);
        let was = std::mem::replace(&mut knock[at], to);
        let name = knock::client_of(&credentials, &knock);
        prop_assert!(name.is_none() || to == was, "{at}");
    }
}
