//! Serves a relay on a listener until it is told to stop: plain or TLS, with time limits on slow clients, and drains before it ends.

use crate::background;
use crate::bus;
use crate::http;
use crate::limits::{DRAIN_WAIT, MAX_HEAD_BYTES, MAX_HEADERS};
use crate::relay::Relay;
use crate::store::StoreError;
use axum::Router;
use axum::extract::connect_info::ConnectInfo;
use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use axum_server::tls_rustls::RustlsConfig;
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::future::{Ready, ready};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutStream;

/// The files that a relay needs to speak TLS itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate chain, PEM.
    pub cert: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

/// Why a relay cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener failed.
    #[error("the network listener failed")]
    Network(#[from] std::io::Error),
    /// The certificate or the key cannot be used.
    #[error("the TLS file {0} cannot be used")]
    Tls(PathBuf, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store did not close in order; what was acknowledged is on the disk all the same.
    #[error("the store did not close in order")]
    Store(#[source] StoreError),
}

/// Serves until `stop` is ready; then takes no new connection, ends the streams of hints, waits for requests under way and closes the store.
///
/// # Errors
/// [`ServeError`] where TLS files or the listener cannot be used, or the store does not close.
pub async fn serve(
    relay: Relay,
    listener: TcpListener,
    tls: Option<&TlsFiles>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let tls = tls.map(tls_config).transpose()?;
    let stopping = relay.clone();
    let stop = async move {
        stop.await;
        stopping.is_stopping.send_replace(true);
    };
    let work = tokio::spawn(work_on(relay.clone()));
    let served = listen(&relay, listener, tls, stop).await;
    work.abort();
    background::write_heard(&relay).await;
    relay.store.close().await.map_err(ServeError::Store)?;
    served
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
    tokio::join!(background::run(relay.clone()), bus::run(relay));
}

/// Answers on one listener, of which a relay may have several, until `stop` is ready; then takes no new connection and waits for requests under way.
///
/// # Errors
/// When the listener cannot be used.
pub async fn listen(
    relay: &Relay,
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    listener.set_nonblocking(true)?;
    let handle = Handle::new();
    let acceptor = ReadInTime { unread_wait: relay.unread_wait };
    let server = axum_server::from_tcp(listener)?.acceptor(acceptor).handle(handle.clone()).http1_only();
    let stopper = tokio::spawn(async move {
        stop.await;
        handle.graceful_shutdown(Some(DRAIN_WAIT));
    });
    let served = match tls {
        Some(config) => {
            let config = RustlsConfig::from_config(config);
            run(server.map(|timed| axum_server::tls_rustls::RustlsAcceptor::new(config).acceptor(timed)), relay).await
        }
        None => run(server, relay).await,
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

async fn run<A>(mut server: Server<SocketAddr, A>, relay: &Relay) -> std::io::Result<()>
where
    A: Accept<TcpStream, Service> + Clone + Send + Sync + 'static,
    A::Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send,
    A::Service: axum_server::service::SendService<axum::extract::Request<hyper::body::Incoming>> + Send,
    A::Future: Send,
{
    let mut http1 = server.http_builder().http1();
    http1
        .timer(TokioTimer::new())
        .header_read_timeout(relay.head_wait)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD_BYTES);
    server.serve(http::router(relay).into_make_service_with_connect_info::<SocketAddr>()).await
}

/// Reads the files of TLS.
///
/// # Errors
/// [`ServeError::Tls`] where one cannot be read, or the key is not the certificate's.
pub fn tls_config(files: &TlsFiles) -> Result<Arc<rustls::ServerConfig>, ServeError> {
    fn bad(path: &Path, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ServeError {
        ServeError::Tls(path.to_owned(), error.into())
    }
    let certs = CertificateDer::pem_file_iter(&files.cert).map_err(|error| bad(&files.cert, error))?;
    let certs = certs.collect::<Result<Vec<_>, _>>().map_err(|error| bad(&files.cert, error))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| bad(&files.key, error))?;
    under(certs, key).map_err(|error| bad(&files.key, error))
}

/// How TLS is spoken under a certificate.
///
/// # Errors
/// When the key is not the certificate's.
pub fn under(
    certs: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<rustls::ServerConfig>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certs, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
