//! What only a raw socket can send: heads and bodies that trickle, false lengths, bytes that are not HTTP.

use crate::world::{Phone, World, ask, cbor};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long a relay under test waits for a slow client.
const WAIT: Duration = Duration::from_millis(300);

/// An upper bound for everything here, however busy the machine.
const LONG: Duration = Duration::from_secs(20);

async fn impatient() -> World {
    World::start_with(|config| (config.head_wait, config.request_wait) = (WAIT, WAIT)).await
}

pub(crate) fn connect(url: &str) -> TcpStream {
    let stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream
}

/// Sends bytes on a new connection and reads until the relay hangs up.
async fn answer(url: &str, bytes: Vec<u8>) -> String {
    let mut stream = connect(url);
    let read = move || {
        // A relay may hang up before everything is sent.
        let _ = stream.write_all(&bytes);
        rest(&mut stream)
    };
    tokio::task::spawn_blocking(read).await.unwrap()
}

/// Everything that still arrives; panics if the relay never hangs up.
fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            panic!("it never hangs up")
        }
        Ok(_) | Err(_) => String::from_utf8_lossy(&answer).into_owned(),
    }
}

/// Sends a byte whenever nothing has arrived for a moment, until the relay answers or hangs up; returns the answer.
async fn trickle(url: &str, start: String, byte: u8) -> String {
    let mut stream = connect(url);
    let trickle = move || {
        stream.write_all(start.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let (started, mut block) = (Instant::now(), [0; 1024]);
        loop {
            match stream.read(&mut block) {
                Ok(n) => return String::from_utf8_lossy(&block[..n]).into_owned(),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => return String::new(),
            }
            assert!(started.elapsed() < LONG, "it listens for ever");
            if stream.write_all(&[byte]).is_err() {
                return String::new();
            }
        }
    };
    tokio::task::spawn_blocking(trickle).await.unwrap()
}

pub(crate) fn head(phone: &Phone, more: &str) -> String {
    format!("POST /v1/sync HTTP/1.1\r\nhost: relay\r\nauthorization: Bearer {}\r\n{more}\r\n", phone.token)
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("none")
}

async fn still_serves(world: &World, phone: &Phone) {
    phone.sync(&ask(&[])).await.unwrap();
    assert!(crate::world::status(world.request(reqwest::Method::GET, "/v1/about")).await.is_success());
}

#[tokio::test]
async fn a_head_that_trickles_is_hung_up_on() {
    let world = impatient().await;
    let ana = world.found().await;
    for start in ["", "G", "GET /v1/about HTTP/1.1\r\nx: "] {
        let answer = trickle(&world.url, start.to_owned(), b'y').await;
        assert!(["none", "408", "400"].contains(&status(&answer)), "{answer}");
    }
    still_serves(&world, &ana).await;
}

#[tokio::test]
async fn a_connection_that_says_nothing_more_is_hung_up_on() {
    let world = impatient().await;
    let ana = world.found().await;
    assert_eq!(answer(&world.url, Vec::new()).await, "");
    let answer = answer(&world.url, b"GET /v1/about HTTP/1.1\r\nhost: relay\r\n\r\n".to_vec()).await;
    assert_eq!(status(&answer), "200");
    still_serves(&world, &ana).await;
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up_and_its_turn_is_free_again() {
    let world = World::start_with(|config| {
        config.request_wait = WAIT;
        config.device_at_once = 1;
    })
    .await;
    let ana = world.found().await;
    for length in ["content-length: 100000\r\n", "transfer-encoding: chunked\r\n"] {
        // The size of a chunk trickles, with leading zeros.
        let answer = trickle(&world.url, head(&ana, length), b'0').await;
        assert_eq!(status(&answer), "408", "{answer}");
        still_serves(&world, &ana).await;
    }
    let text = world.metrics().await;
    assert!(text.contains(r#"porchlight_relay_refused_total{why="too_slow"} 2"#), "{text}");
}

#[tokio::test]
async fn a_length_over_the_limit_is_refused_before_a_byte_of_the_body() {
    let world = World::start().await;
    let ana = world.found().await;
    for (length, expected) in [
        ("4194305", "413"),
        ("9223372036854775807", "413"),
        ("18446744073709551615", "431"),
        ("18446744073709551616", "400"),
        ("-1", "400"),
        ("1, 2", "400"),
        ("4 ", "400"),
    ] {
        let sent = head(&ana, &format!("content-length: {length}\r\nconnection: close\r\n"));
        let answer = answer(&world.url, [sent.as_bytes(), if length == "4 " { b"xxxx" } else { b"" }].concat()).await;
        assert_eq!(status(&answer), expected, "{length}: {answer}");
        assert!(expected != "413" || answer.contains("too_large"), "{answer}");
    }
    still_serves(&world, &ana).await;
}

#[tokio::test]
async fn a_chunked_body_ends_at_the_limit() {
    let world = World::start().await;
    let ana = world.found().await;
    let chunk = [&b"100000\r\n"[..], &vec![0; 0x10_0000], b"\r\n"].concat();
    let mut bytes = head(&ana, "transfer-encoding: chunked\r\nconnection: close\r\n").into_bytes();
    (0..8).for_each(|_| bytes.extend(&chunk));
    let refused = answer(&world.url, bytes).await;
    // The answer may be lost if the relay hangs up on a client that continues to send.
    assert!(["413", "none"].contains(&status(&refused)), "{refused}");
    still_serves(&world, &ana).await;
}

#[tokio::test]
async fn a_body_that_stops_short_is_malformed_and_leaves_nothing() {
    let world = World::start().await;
    let ana = world.found().await;
    let body = cbor(&ask(&[]));
    let mut stream = connect(&world.url);
    let sent = [head(&ana, &format!("content-length: {}\r\n", body.len() + 1)).as_bytes(), &body].concat();
    let answer = tokio::task::spawn_blocking(move || {
        stream.write_all(&sent).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        rest(&mut stream)
    });
    assert!(["400", "none"].contains(&status(&answer.await.unwrap())));
    still_serves(&world, &ana).await;
}

#[tokio::test]
async fn bytes_that_are_no_http_are_refused_by_the_server_itself() {
    let world = impatient().await;
    let ana = world.found().await;
    let ask = |more: &str| format!("GET /v1/about HTTP/1.1\r\nhost: relay\r\n{more}\r\n").into_bytes();
    for bytes in [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"GET /v1/about HTTP/9.9\r\n\r\n".to_vec(),
        b"GET\r\n\r\n".to_vec(),
        b"GET /\x00 HTTP/1.1\r\n\r\n".to_vec(),
        ask("x\x00: 1\r\n"),
        ask("x: 1\x00\r\n"),
        ask(" folded: 1\r\n"),
        ask("content-length: 1\r\ncontent-length: 2\r\n"),
        head(&ana, "transfer-encoding: gzip\r\n").into_bytes(),
        [head(&ana, "transfer-encoding: chunked\r\n").as_bytes(), b"fffffffffffffffff\r\n"].concat(),
        [head(&ana, "transfer-encoding: chunked\r\n").as_bytes(), b"xyz\r\n"].concat(),
        vec![b'x'; 100_000],
        vec![0; 100_000],
    ] {
        let shown = String::from_utf8_lossy(&bytes).chars().take(80).collect::<String>();
        let answer = answer(&world.url, bytes).await;
        assert!(["400", "414", "431", "505", "408", "none"].contains(&status(&answer)), "{shown:?}: {answer}");
    }
    still_serves(&world, &ana).await;
}
