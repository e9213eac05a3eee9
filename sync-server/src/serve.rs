//! Serves a relay on a listener until it is told to stop: plain or TLS, with time limits on slow clients, and drains before it ends.

use crate::accept::{Door, Peer};
use crate::background;
use crate::bus;
use crate::http;
use crate::limits::{DRAIN_WAIT, MAX_HEAD_BYTES, MAX_HEADERS};
use crate::listeners;
use crate::relay::Relay;
use crate::store::StoreError;
use crate::tls::Tls;
use axum::Router;
use axum::extract::connect_info::ConnectInfo;
use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;
use std::future::{Ready, ready};
use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;

/// How often it is said until when the certificate is valid.
const CERTIFICATE_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a relay cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener failed.
    #[error("the network listener failed")]
    Network(#[from] std::io::Error),
    /// The store did not close in order; what was acknowledged is on the disk all the same.
    #[error("the store did not close in order")]
    Store(#[source] StoreError),
}

/// The sockets of a relay.
#[derive(Debug)]
pub struct Doors {
    /// Where devices are answered.
    pub listener: TcpListener,
    /// Under which certificate, where the relay speaks TLS itself.
    pub tls: Option<Tls>,
    /// Where `GET /metrics` is answered, always without TLS.
    pub metrics: Option<TcpListener>,
}

impl Doors {
    /// One listener, without TLS and without metrics.
    #[must_use]
    pub const fn plain(listener: TcpListener) -> Self {
        Self { listener, tls: None, metrics: None }
    }
}

/// Serves until `stop` is ready; then accepts no new connection, ends the hint streams, waits for requests in progress and closes the store.
///
/// # Errors
/// [`ServeError`] where a listener cannot be used, or the store does not close.
pub async fn serve(
    relay: Relay,
    doors: Doors,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let Doors { listener, tls, metrics } = doors;
    let stopping = relay.clone();
    let stop = async move {
        stop.await;
        stopping.is_stopping.send_replace(true);
    };
    let mut work = JoinSet::new();
    work.spawn(work_on(relay.clone()));
    if let Some(tls) = tls.clone() {
        work.spawn(watch_certificate(relay.clone(), tls));
    }
    if let Some(metrics) = metrics {
        work.spawn(tell_metrics(relay.clone(), metrics));
    }
    let served = answer(&relay, http::router(&relay), listener, tls.map(|tls| tls.config()), stop).await;
    work.shutdown().await;
    background::write_heard(&relay).await;
    relay.store.close().await.map_err(ServeError::Store)?;
    served
}

/// Logs once a day, and after each reload, until when the certificate is valid, and exports it as a metric.
async fn watch_certificate(relay: Relay, tls: Tls) {
    let (mut day, mut news) = (tokio::time::interval(CERTIFICATE_EVERY), tls.news());
    loop {
        tokio::select! {
            _ = day.tick() => {}
            // Cannot fail: `tls` holds the other end.
            _ = news.changed() => {}
        }
        tls.say_end(relay.now());
        if let Some(at) = tls.ends_at() {
            relay.meters.certificate_ends(at);
        }
    }
}

async fn tell_metrics(relay: Relay, listener: TcpListener) {
    if let Err(error) = answer(&relay, http::metrics_router(&relay), listener, None, std::future::pending()).await {
        tracing::error!(%error, "metrics are told no longer");
    }
}

/// Does what a relay does beside answering, until `stop` is ready; then closes the store. For a relay that is met by [`listen`] alone.
///
/// # Errors
/// When the store does not close.
pub async fn work(relay: Relay, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
    tokio::select! {
        () = stop => {}
        () = work_on(relay.clone()) => {}
    }
    relay.is_stopping.send_replace(true);
    background::write_heard(&relay).await;
    relay.store.close().await.map_err(ServeError::Store)
}

async fn work_on(relay: Relay) {
    tokio::join!(background::run(relay.clone()), listeners::run(relay.clone()), bus::run(relay));
}

/// Answers on one listener, of which a relay may have several, until `stop` is ready; then accepts no new connection and waits for requests in progress.
///
/// # Errors
/// When the listener cannot be used.
pub async fn listen(
    relay: &Relay,
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    answer(relay, http::router(relay), listener, tls.map(RustlsConfig::from_config), stop).await
}

async fn answer(
    relay: &Relay,
    router: Router,
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let handle = Handle::new();
    let acceptor = ReadInTime { unread_wait: relay.unread_wait };
    let server = Server::from_listener(Door::new(listener, relay)?);
    let server = server.acceptor(acceptor).handle(handle.clone()).http1_only();
    let stopper = tokio::spawn(async move {
        stop.await;
        handle.graceful_shutdown(Some(DRAIN_WAIT));
    });
    let served = match tls {
        Some(config) => {
            run(server.map(|timed| RustlsAcceptor::new(config).acceptor(timed)), router, relay.head_wait).await
        }
        None => run(server, router, relay.head_wait).await,
    };
    stopper.abort();
    Ok(served?)
}

/// Closes connections whose other end leaves unread what it is sent: the server keeps an answer until it is read.
#[derive(Debug, Clone, Copy)]
struct ReadInTime {
    unread_wait: Duration,
}

impl<S> Accept<TcpStream, S> for ReadInTime {
    type Stream = Pin<Box<TimeoutStream<TcpStream>>>;
    type Service = S;
    type Future = Ready<std::io::Result<(Self::Stream, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.unread_wait));
        ready(Ok((Box::pin(stream), service)))
    }
}

/// The service of one connection.
type Service = AddExtension<Router, ConnectInfo<SocketAddr>>;

async fn run<A>(mut server: Server<Peer, A>, router: Router, head_wait: Duration) -> std::io::Result<()>
where
    A: Accept<TcpStream, Service> + Clone + Send + Sync + 'static,
    A::Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send,
    A::Service: axum_server::service::SendService<axum::extract::Request<hyper::body::Incoming>> + Send,
    A::Future: Send,
{
    let mut http1 = server.http_builder().http1();
    http1.timer(TokioTimer::new()).header_read_timeout(head_wait).max_headers(MAX_HEADERS).max_buf_size(MAX_HEAD_BYTES);
    server.serve(router.into_make_service_with_connect_info::<SocketAddr>()).await
}
