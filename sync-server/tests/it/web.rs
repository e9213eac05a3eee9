//! The web app's folder, the small pages around the API, and cross-origin requests.

use crate::world::{World, ok, reply};
use porchlight_model::relay::RelayAbout;
use porchlight_model::wire::PROTO;
use reqwest::{Method, Response};
use std::fs;
use std::path::Path;

fn write_app(folder: &Path) {
    fs::create_dir_all(folder.join("fonts")).unwrap();
    fs::write(folder.join("index.html"), "<!doctype html>the app").unwrap();
    fs::write(folder.join("sw.js"), "self").unwrap();
    fs::write(folder.join("manifest.webmanifest"), "{}").unwrap();
    fs::write(folder.join("app-1a2b3c4d5e6f7a8b.wasm"), "plain wasm").unwrap();
    fs::write(folder.join("app-1a2b3c4d5e6f7a8b.wasm.br"), "brotli wasm").unwrap();
    fs::write(folder.join("fonts/atkinson.woff2"), "font").unwrap();
    fs::write(folder.parent().unwrap().join("secret.txt"), "outside").unwrap();
}

async fn world_with_app() -> World {
    World::start_with(|config| {
        let folder = config.data.join("web");
        write_app(&folder);
        config.web = Some(folder);
    })
    .await
}

async fn get(world: &World, path: &str) -> Response {
    world.request(Method::GET, path).send().await.unwrap()
}

#[tokio::test]
async fn pages_of_the_app_are_its_one_page() {
    let world = world_with_app().await;
    for path in ["/", "/join", "/walk/0192-abc", "/office/turf"] {
        let response = get(&world, path).await;
        assert_eq!(response.status(), 200, "{path}");
        let headers = response.headers().clone();
        assert_eq!(headers["content-type"], "text/html", "{path}");
        assert_eq!(headers["cache-control"], "no-cache");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let policy = headers["content-security-policy"].to_str().unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "worker-src 'self'",
            "style-src 'self'",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.split("; ").any(|rule| rule == part), "{part} in {policy}");
        }
        assert!(response.text().await.unwrap().contains("the app"));
    }
}

#[tokio::test]
async fn files_are_kept_where_their_name_carries_a_hash() {
    let world = world_with_app().await;
    for (path, kept, kind) in [
        ("/app-1a2b3c4d5e6f7a8b.wasm", "public, max-age=31536000, immutable", "application/wasm"),
        ("/sw.js", "no-cache", "text/javascript"),
        ("/manifest.webmanifest", "no-cache", "application/manifest+json"),
        ("/fonts/atkinson.woff2", "no-cache", "font/woff2"),
    ] {
        let response = get(&world, path).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["cache-control"], kept, "{path}");
        assert_eq!(response.headers()["content-type"], kind, "{path}");
    }
    let folded = world.request(Method::GET, "/app-1a2b3c4d5e6f7a8b.wasm").header("accept-encoding", "br");
    let folded = folded.send().await.unwrap();
    assert_eq!(folded.headers()["content-encoding"], "br");
    assert_eq!(folded.headers()["content-type"], "application/wasm");
    assert_eq!(folded.bytes().await.unwrap(), "brotli wasm");
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let world = world_with_app().await;
    for path in
        ["/missing.js", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/fonts/%2e%2e/%2e%2e/secret.txt", "/relay.db"]
    {
        let response = get(&world, path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert!(!response.text().await.unwrap().contains("outside"));
    }
    assert_eq!(world.request(Method::POST, "/join").send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn without_a_folder_the_relay_says_how_to_serve_one() {
    let world = World::start().await;
    let response = get(&world, "/").await;
    assert_eq!(response.status(), 404);
    assert!(response.text().await.unwrap().contains("--web"));
}

#[tokio::test]
async fn the_relay_says_what_it_is_and_how_it_is() {
    let world = World::start().await;
    let about: RelayAbout = reply(world.request(Method::GET, "/v1/about")).await.unwrap();
    assert_eq!((about.proto, about.now.0), (PROTO, 1_795_000_000_000));
    for (path, says) in [("/healthz", "well\n"), ("/readyz", "well\n"), ("/livez", "alive\n")] {
        assert_eq!(get(&world, path).await.text().await.unwrap(), says, "{path}");
    }
    let ana = world.found().await;
    ana.push(ana.campaign_doc(), &[crate::author::Author::new().write(), b"bad".to_vec()]).await;
    assert_eq!(get(&world, "/metrics").await.status(), 404, "they have an address of their own");
    let metrics = world.metrics().await;
    for line in [
        "porchlight_relay_changes_acked_total 1",
        "porchlight_relay_changes_rejected_total{why=\"malformed\"} 1",
        "porchlight_relay_enrolments_total 1",
        "porchlight_relay_requests_total{route=\"/v1/sync\",status=\"200\"} 1",
        "porchlight_relay_store_failures_total 0",
    ] {
        assert!(metrics.contains(line), "{line} in\n{metrics}");
    }
    let told = [ana.device.to_string(), ana.campaign_doc().to_string(), "Ana".to_owned(), "Lantern".to_owned()];
    assert!(told.iter().all(|personal| !metrics.contains(personal)));
}

#[tokio::test]
async fn other_origins_may_ask_with_a_token() {
    let world = World::start().await;
    let before = world
        .request(Method::OPTIONS, "/v1/sync")
        .header("origin", "tauri://localhost")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type,content-encoding");
    let before = ok(before.send().await.unwrap()).await.unwrap();
    let headers = before.headers();
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert!(headers.get("access-control-allow-credentials").is_none());
    let allowed = headers["access-control-allow-headers"].to_str().unwrap().to_lowercase();
    assert!(["authorization", "content-type", "content-encoding", "range"].iter().all(|name| allowed.contains(name)));
    let refused = world.request(Method::GET, "/v1/roster").header("origin", "tauri://localhost").send().await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["access-control-allow-origin"]),
        (401, &"*".parse().unwrap())
    );
}
