//! Connecting where several servers may hold the database: each in its turn, and none that hangs or is slow keeps the next from being asked.

use deadpool_postgres::Connect;
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::pin::Pin;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, Error, Socket};

/// How long a server may take to let this relay in before the next one is asked beside it, where there is another.
pub(super) const HOST_WAIT: Duration = Duration::from_secs(2);

/// The servers, in the order in which they are tried, and how to encrypt.
pub(super) struct Hosts<T> {
    /// One for each server.
    pub(super) each: Vec<Config>,
    pub(super) tls: T,
}

/// The future of a connection attempt.
type Connecting<'a> = Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send + 'a>>;

impl<T> Connect for Hosts<T>
where
    T: MakeTlsConnect<Socket> + Clone + Sync + Send + 'static,
    T::Stream: Sync + Send,
    T::TlsConnect: Sync + Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    /// Takes the first server that lets this relay in. One that fails makes room for the next at once; one that is slow goes on being asked
    /// beside the next, so that a primary under load is not taken for one that is gone.
    fn connect(&self, all: &Config) -> Connecting<'_> {
        let all = all.clone();
        Box::pin(async move {
            let mut others = self.each.iter();
            let first = others.next().unwrap_or(&all);
            let mut asked = FuturesUnordered::from_iter([first.connect(self.tls.clone())]);
            loop {
                let answer = match others.len() {
                    0 => asked.next().await,
                    _ => tokio::time::timeout(HOST_WAIT, asked.next()).await.unwrap_or_default(),
                };
                match (answer, others.next()) {
                    (Some(Ok((client, connection))), _) => {
                        return Ok((client, tokio::spawn(async { drop(connection.await) })));
                    }
                    (_, Some(next)) => asked.push(next.connect(self.tls.clone())),
                    (Some(Err(error)), None) if asked.is_empty() => return Err(error),
                    (_, None) => {}
                }
            }
        })
    }
}

/// The addresses of single servers that an address of several stands for: `postgres://user@a:1,b:2/name` for `…@a:1/name` and `…@b:2/name`.
pub(super) fn each(address: &str) -> Vec<String> {
    let Some((scheme, rest)) = address.split_once("://") else { return vec![address.to_owned()] };
    // A password may hold anything but `/` and `?` unescaped.
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (user, hosts) = authority.rsplit_once('@').map_or(("", authority), |(user, hosts)| (user, hosts));
    let at = if authority.contains('@') { "@" } else { "" };
    hosts.split(',').map(|host| format!("{scheme}://{user}{at}{host}{path}")).collect()
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn an_address_of_several_servers_is_one_for_each() {
        for (address, singles) in [
            ("postgres://relay:a,b@one/name", &["postgres://relay:a,b@one/name"][..]),
            (
                "postgres://relay:a@one:1,two:2/name?target_session_attrs=read-write",
                &[
                    "postgres://relay:a@one:1/name?target_session_attrs=read-write",
                    "postgres://relay:a@two:2/name?target_session_attrs=read-write",
                ],
            ),
            ("postgres://one,two,[::1]:5", &["postgres://one", "postgres://two", "postgres://[::1]:5"]),
            ("postgres://relay@one?host=two", &["postgres://relay@one?host=two"]),
            ("host=one,two", &["host=one,two"]),
        ] {
            assert_eq!(each(address), singles, "{address}");
        }
    }
}
