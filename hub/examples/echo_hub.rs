//! A hub that echoes requests, for `tests/browser/hub-link.test.mjs`. Usage: `echo_hub folder 192.168.77.1:0`; it keeps its certificate in the
//! folder.

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path};
use axum::routing::{get, post};
use porchlight_hub::certificate::Certificate;
use porchlight_hub::rtc::{LinkSocket, MAX_REQUEST_BYTES, serve};
use std::net::SocketAddr;
use std::path::{Path as FilePath, PathBuf};
use tokio::net::UdpSocket;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the test reads where the hub is")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let certificate = kept(&PathBuf::from(words.next().unwrap_or_default()))?;
    let (mut places, mut addresses) = (Vec::new(), Vec::new());
    for at in words {
        let socket = UdpSocket::bind(at).await?;
        addresses.push(socket.local_addr()?.to_string());
        places.push(LinkSocket::new(socket)?);
    }
    println!("https://hub.invalid/{}/{}", hex::encode(certificate.fingerprint()), addresses.join(","));
    let (_kept, places) = tokio::sync::watch::channel(places);
    let router = Router::new()
        .route("/hello", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { format!("hello {peer}") }))
        .route("/echo", post(|body: axum::body::Bytes| async move { body }))
        .route("/swallow", post(|body: axum::body::Bytes| async move { body.len().to_string() }))
        .route("/zeros/{n}", get(|Path(n): Path<usize>| async move { vec![0_u8; n] }))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES));
    let (stop, stopping) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        stop.send_replace(true);
    });
    Ok(serve(places, &certificate, router, stopping).await?)
}

/// Loads the certificate from the folder, or generates one and stores it there.
fn kept(folder: &FilePath) -> Result<Certificate, Box<dyn std::error::Error>> {
    let (der, key) = (folder.join("certificate.der"), folder.join("key.der"));
    if !der.exists() {
        let made = Certificate::generate()?;
        std::fs::write(&der, &made.der)?;
        std::fs::write(&key, &made.key_pkcs8_der)?;
    }
    Ok(Certificate { der: std::fs::read(der)?, key_pkcs8_der: std::fs::read(key)? })
}
