//! One persistent connection to a relay, with one request at a time.

use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A persistent connection.
#[derive(Debug)]
pub struct Pipe {
    host: String,
    sender: SendRequest<Full<Bytes>>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Bytes,
}

impl Pipe {
    /// Connects to a relay.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn open(relay: &str) -> Result<Self> {
        let host = relay.trim_start_matches("http://").to_owned();
        Ok(Self { sender: connect(&host).await?, host })
    }

    /// Sends one request and reads the whole answer; reconnects if the relay has closed the connection since the last one.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn send(&mut self, method: Method, path: &str, token: &str, kind: &str, body: Vec<u8>) -> Result<Answer> {
        let mut request =
            Request::builder().method(method).uri(path).header("host", &self.host).header("content-type", kind);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if self.sender.ready().await.is_err() {
            self.sender = connect(&self.host).await?;
        }
        let response = self.sender.send_request(request.body(Full::new(Bytes::from(body)))?).await?;
        let status = response.status();
        Ok(Answer { status, body: response.into_body().collect().await?.to_bytes() })
    }

    /// Sends JSON and reads JSON.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn json<T: serde::de::DeserializeOwned>(
        &mut self,
        path: &str,
        token: &str,
        body: &impl serde::Serialize,
    ) -> Result<T> {
        let answer = self.send(Method::POST, path, token, "application/json", serde_json::to_vec(body)?).await?;
        if !answer.status.is_success() {
            bail!("{path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        Ok(serde_json::from_slice(&answer.body)?)
    }
}

async fn connect(host: &str) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(host).await.with_context(|| format!("connecting to {host}"))?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        // The next request notices that the connection has ended.
        drop(connection.await);
    });
    Ok(sender)
}
