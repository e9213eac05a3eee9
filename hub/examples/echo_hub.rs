//! A hub that echoes, for `tests/browser/hub-link.test.mjs`: `echo_hub 192.168.77.1:0`.

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path};
use axum::routing::{get, post};
use porchlight_hub::certificate::Certificate;
use porchlight_hub::rtc::{MAX_REQUEST_BYTES, serve};
use std::net::SocketAddr;
use tokio::net::UdpSocket;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the test reads where the hub is")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let certificate = Certificate::generate()?;
    let mut sockets = Vec::new();
    for at in std::env::args().skip(1) {
        sockets.push(UdpSocket::bind(at).await?);
    }
    let places = sockets.iter().map(|socket| socket.local_addr().map(|at| at.to_string()));
    let places = places.collect::<Result<Vec<_>, _>>()?.join(",");
    println!("https://hub.invalid/{}/{places}", hex::encode(certificate.fingerprint()));
    let router = Router::new()
        .route("/hello", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { format!("hello {peer}") }))
        .route("/echo", post(|body: axum::body::Bytes| async move { body }))
        .route("/zeros/{n}", get(|Path(n): Path<usize>| async move { vec![0_u8; n] }))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES));
    let (stop, stopping) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        stop.send_replace(true);
    });
    Ok(serve(sockets, &certificate, router, stopping).await?)
}
