//! The examples in `deploy/` for nginx and Caddy, run by real proxies in front of a real relay.

use crate::author::{Author, plain_hash};
use crate::fleet::{heard, join};
use crate::hints::Stream;
use crate::program::{Process, found, serve};
use crate::world::{Phone, Refused, new_doc, ok, refused};
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::member::Role;
use porchlight_model::relay::RefusalCode;
use porchlight_model::turf::MAX_PACK_BYTES;
use porchlight_model::wire::MAX_REQUEST_BYTES;
use porchlight_tests::servers::{Front, example, free_port};
use reqwest::{Certificate, Client, Method, StatusCode};
use std::net::IpAddr;
use std::path::Path;
use tempfile::TempDir;

/// A relay with a campaign, its proxy in front.
struct Fronted {
    _relay: Process,
    _proxy: Front,
    /// At the proxy.
    ana: Phone,
    trusted: Option<Certificate>,
    _folder: TempDir,
}

/// Which proxy.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Nginx,
    Caddy,
}

/// How many requests without a token an address may send at once here. One more comes every second.
const BURST: usize = 30;

impl Kind {
    /// Starts it in front of a relay: it, its address and what to trust there.
    fn start(self, relay: &str, folder: &Path) -> (Front, String, Option<Certificate>) {
        let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
        let (port, plain) = (free_port().unwrap(), free_port().unwrap());
        match self {
            Self::Nginx => {
                let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
                let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
                std::fs::write(&cert, made.cert.pem()).unwrap();
                std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
                let with = [
                    ("server 127.0.0.1:8481 ", format!("server {relay} ")),
                    // The other relay is down.
                    ("server 127.0.0.1:8482 ", format!("server 127.0.0.1:{} ", free_port().unwrap())),
                    ("listen [::]:80;", String::new()),
                    ("listen [::]:443 ssl http2;", String::new()),
                    ("listen 80;", format!("listen 127.0.0.1:{plain};")),
                    ("listen 443 ", format!("listen 127.0.0.1:{port} ")),
                    ("/etc/letsencrypt/live/relay.example.org/fullchain.pem", cert.display().to_string()),
                    ("/etc/letsencrypt/live/relay.example.org/privkey.pem", key.display().to_string()),
                ];
                let with = with.each_ref().map(|(word, other)| (*word, other.as_str()));
                let site = example(&deploy.join("nginx/porchlight.conf"), &with).unwrap();
                let trusted = Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
                (Front::nginx(&site, port).unwrap(), format!("https://127.0.0.1:{port}"), Some(trusted))
            }
            Self::Caddy => {
                let url = format!("http://127.0.0.1:{port}");
                let with = [("{$RELAY_NAME}", url.as_str()), ("relay1:8480 relay2:8480", relay)];
                let file = example(&deploy.join("Caddyfile"), &with).unwrap();
                (Front::caddy(&file, port).unwrap(), url, None)
            }
        }
    }
}

impl Fronted {
    async fn start(kind: Kind) -> Self {
        let folder = TempDir::new().unwrap();
        let link = folder.path().join("link");
        let mut relay = serve(&folder.path().join("data"));
        relay.args(["--proxies", "127.0.0.1", "--address-rate", "1", "--address-burst", &BURST.to_string()]);
        let relay = Process::start_quiet(relay.arg("--founding-invite").arg(&link));
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Once it answers, the link is written.
        reqwest::get(format!("{}/healthz", relay.url)).await.unwrap();
        let ana = found(&relay.url, &std::fs::read_to_string(link).unwrap()).await;
        let (proxy, url, trusted) = kind.start(relay.url.trim_start_matches("http://"), folder.path());
        let http = client(trusted.as_ref(), "127.0.0.1");
        Self { _relay: relay, _proxy: proxy, ana: Phone { url, http, ..ana }, trusted, _folder: folder }
    }

    /// How many of `n` requests are throttled for a client at one address of this machine that claims another each time.
    async fn n_told_to_wait(&self, address: &str, n: usize) -> usize {
        let (client, mut n_told) = (client(self.trusted.as_ref(), address), 0);
        for n in 0..n {
            let look = client.post(format!("{}/v1/invites/look", self.ana.url)).body(r#"{"secret":"nobody"}"#);
            let look = look.header("x-forwarded-for", format!("192.0.2.{n}"));
            n_told += usize::from(look.send().await.unwrap().status() == StatusCode::TOO_MANY_REQUESTS);
        }
        n_told
    }
}

/// A client at an address of this machine.
fn client(trusted: Option<&Certificate>, address: &str) -> Client {
    let builder = Client::builder().local_address(address.parse::<IpAddr>().unwrap());
    match trusted {
        Some(trusted) => builder.tls_certs_only([trusted.clone()]).build().unwrap(),
        None => builder.build().unwrap(),
    }
}

fn pack(n_bytes: usize) -> (Sha256, Vec<u8>) {
    let bytes = vec![7; n_bytes];
    (plain_hash(&bytes), bytes)
}

async fn put(phone: &Phone, doc: DocId, n_bytes: usize) -> Result<(), Refused> {
    let (hash, bytes) = pack(n_bytes);
    let path = format!("/v1/packs/{hash}?doc={doc}");
    ok(phone.request(Method::PUT, &path).body(bytes).send().await.unwrap()).await.map(drop)
}

async fn assert_passes_all_on(kind: Kind) {
    let fronted = Fronted::start(kind).await;
    let ana = &fronted.ana;
    let turf = new_doc();
    ana.bear(turf, &[]).await;
    let ben = join(ana, Role::Canvasser, &[turf]).await;

    // A hint comes while the stream goes on.
    let mut stream = Stream::open(&ben).await;
    heard(ana, turf, &mut Author::new(), &mut stream).await;

    // The largest pack passes; one byte more is refused in a form that a phone understands, and so is a sync that is too large.
    put(ana, turf, MAX_PACK_BYTES).await.unwrap();
    let too_large = refused(413, RefusalCode::TooLarge);
    assert_eq!(put(ana, turf, MAX_PACK_BYTES + 1).await.as_ref(), Err(&too_large));
    let sync = ana.request(Method::POST, "/v1/sync").body(vec![0; MAX_REQUEST_BYTES + 1]);
    assert_eq!(ok(sync.send().await.unwrap()).await.err().as_ref(), Some(&too_large));

    // Only the client that asks too often is throttled, whatever address it claims.
    assert!((1..=BURST).contains(&fronted.n_told_to_wait("127.0.0.2", 2 * BURST).await), "{kind:?}");
    assert_eq!(fronted.n_told_to_wait("127.0.0.3", BURST / 2).await, 0, "{kind:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_as_in_the_example_passes_on_hints_bodies_and_addresses() {
    assert_passes_all_on(Kind::Nginx).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_as_in_the_example_passes_on_hints_bodies_and_addresses() {
    assert_passes_all_on(Kind::Caddy).await;
}
