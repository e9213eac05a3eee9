//! Performs what the session decides: rounds, waits, hints.

use crate::engine::{Engine, Membership};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::store::docs;
use crate::sync::relays::Attempt;
use crate::sync::session::{Input, Output, Rest, Session};
use crate::sync::status::Seen;
use crate::sync::{absorb, ask, authors, forget, hub, packs, relays, roster, transport};
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::{Either, select};
use futures_util::{FutureExt, StreamExt};
use porchlight_model::calls::sync::SyncPhase;
use porchlight_model::id::DocId;
use porchlight_model::message::{ApiError, Message};
use porchlight_model::relay::RefusalCode;
use porchlight_model::wire::{SyncAsk, SyncReply};
use serde::Deserialize;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// A wait; `Send` where threads exist.
#[cfg(not(target_arch = "wasm32"))]
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;
/// A wait; `Send` where threads exist.
#[cfg(target_arch = "wasm32")]
pub type Sleep = Pin<Box<dyn Future<Output = ()>>>;

/// Lets time pass.
pub trait Timer: Send + Sync {
    /// Waits `ms` milliseconds.
    fn sleep(&self, ms: u64) -> Sleep;
}

/// The delay before a lost stream of hints is reopened.
const HINTS_AGAIN_MS: u64 = 5_000;

/// Runs the sync loop for the lifetime of the shell. A second call returns at once.
pub async fn run(handle: EngineHandle, timer: Arc<dyn Timer>) {
    let Some(wakes) = handle.take_wakes() else { return };
    let rounds = rounds(&handle, &*timer, wakes).boxed_local_or_send();
    let hints = listen(&handle, &*timer).boxed_local_or_send();
    select(rounds, hints).await;
}

/// An event that wakes the loop early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wake {
    /// Something was written here.
    Written,
    /// A person, the network or the relay requests a round.
    Nudged,
}

async fn rounds(handle: &EngineHandle, timer: &dyn Timer, mut wakes: UnboundedReceiver<Wake>) {
    let mut session = Session::default();
    let mut input = Input::Woke;
    loop {
        let now = handle.with(|engine| engine.device_now());
        input = match session.handle(input, now) {
            Output::Round => match round(handle).await {
                Ok(rest) => Input::Done(rest),
                Err(error) if is_refusal(&error) => Input::Refused,
                Err(_) => Input::Failed { jitter: handle.with(|engine| u16::from_le_bytes(engine.random()) % 1024) },
            },
            Output::WaitUntil(until) => wait(timer, until.since_ms(now), &mut wakes).await,
        };
    }
}

async fn wait(timer: &dyn Timer, ms: i64, wakes: &mut UnboundedReceiver<Wake>) -> Input {
    match select(wakes.next(), timer.sleep(ms.max(0).unsigned_abs())).await {
        Either::Left((Some(Wake::Nudged), _)) => Input::Nudged,
        Either::Left((Some(Wake::Written), _)) => Input::Written,
        Either::Left((None, sleep)) => {
            sleep.await;
            Input::Woke
        }
        Either::Right(_) => Input::Woke,
    }
}

fn is_refusal(error: &EngineError) -> bool {
    match error {
        EngineError::Refused(RefusalCode::SlowDown | RefusalCode::Unavailable) => false,
        EngineError::Refused(_) => true,
        _ => false,
    }
}

/// The maximum number of rounds for one request of a person.
const MOST_ROUNDS: usize = 100;

/// Rounds until there is nothing left to push or fetch.
///
/// # Errors
/// As [`round`].
pub(crate) async fn rounds_until_done(handle: &EngineHandle) -> Result<(), EngineError> {
    for _ in 0..MOST_ROUNDS {
        if round(handle).await? != Rest::More {
            return Ok(());
        }
    }
    Ok(())
}

/// One exclusive round: pushes and pulls, transfers packs, fetches the roster, and publishes the result to the interface.
///
/// # Errors
/// When the relay cannot be reached or refuses, or this device's storage fails. Nothing is lost by it.
pub(crate) async fn round(handle: &EngineHandle) -> Result<Rest, EngineError> {
    let turn = handle.rounds.clone();
    let _alone = turn.lock().await;
    let Some(to) = handle.with(|engine| engine.membership().cloned()) else { return Ok(Rest::Nothing) };
    handle.with(Engine::look_for_room);
    tell(handle, SyncPhase::Busy, handle.seen().trouble);
    // The hub is on the local network and answers at once or not at all.
    let result = match hub::exchange(handle).await {
        Ok(is_at_hub) => match exchange(handle, &to, is_at_hub).await {
            Err(EngineError::Offline(_)) if is_at_hub => {
                tell(handle, SyncPhase::Offline, None);
                return Ok(Rest::Nothing);
            }
            result => result,
        },
        Err(error) => Err(error),
    };
    match &result {
        Ok(_) => tell(handle, SyncPhase::Idle, None),
        Err(EngineError::Offline(_)) => tell(handle, SyncPhase::Offline, None),
        Err(error) => {
            tracing::warn!(error = %error, "a sync failed");
            tell(handle, phase(error), Some(told(error)));
        }
    }
    result
}

/// The phase after a failed round. Only failures between this device and the relay count as offline.
fn phase(error: &EngineError) -> SyncPhase {
    match error {
        EngineError::StorageFull | EngineError::StorageRefuses(_) => SyncPhase::NoRoom,
        EngineError::Refused(RefusalCode::SlowDown | RefusalCode::Unavailable)
        | EngineError::Offline(_)
        | EngineError::BadReply(_) => SyncPhase::Offline,
        EngineError::Refused(_) => SyncPhase::Refused,
        EngineError::Store(_)
        | EngineError::BrokenDocument { .. }
        | EngineError::Edit(_)
        | EngineError::Corrupt { .. }
        | EngineError::TooCostly
        | EngineError::Told(_) => SyncPhase::Failing,
    }
}

fn told(error: &EngineError) -> Message {
    match error {
        EngineError::Refused(code) => ApiError::from(EngineError::Refused(*code)).message,
        EngineError::StorageFull | EngineError::StorageRefuses(_) => Message::new("error-storage-full"),
        other => Message::new("error-sync").with("detail", other),
    }
}

/// Exchanges with a relay; at a hub it is not waited for long.
async fn exchange(handle: &EngineHandle, to: &Membership, is_at_hub: bool) -> Result<Rest, EngineError> {
    let role = to.identity.role;
    let plan = handle.with(|engine| ask::plan(engine.conn(), role, engine.device_now()))?;
    let (to, reply) = ask_any(handle, to, &plan.ask, is_at_hub).await?;
    let to = &to;
    let rest = handle.with(|engine| absorb::absorb(engine, &plan, reply))?;
    if plan.is_more || rest == Rest::More {
        return Ok(Rest::More);
    }
    forget::ended(handle, to).await?;
    let rest = packs::carry(handle, to).await?;
    if to.identity.role.sees_all_turf() {
        roster::ask(handle, to).await?;
    }
    authors::ask(handle, to).await?;
    Ok(rest)
}

/// This device's membership with the address of the relay that it asks at present.
pub(crate) fn at_present(handle: &EngineHandle, to: &Membership) -> Membership {
    let (all, now) = handle.with(|engine| (known_relays(engine, to), engine.device_now()));
    let first = handle.relays().attempts(&all, to.identity.device, now).into_iter().next();
    Membership { relay: first.map_or_else(|| to.relay.clone(), |attempt| attempt.relay), ..to.clone() }
}

/// The relays of this campaign; the one that this device joined at where the list cannot be read.
fn known_relays(engine: &Engine, to: &Membership) -> Vec<String> {
    relays::known(engine.conn(), to).unwrap_or_else(|_| vec![to.relay.clone()])
}

/// Tries one relay after another until one answers; returns the membership with that relay's address.
async fn ask_any(
    handle: &EngineHandle,
    to: &Membership,
    ask: &SyncAsk,
    is_brief: bool,
) -> Result<(Membership, SyncReply), EngineError> {
    let (all, now) = handle.with(|engine| (known_relays(engine, to), engine.device_now()));
    let mut attempts = handle.relays().attempts(&all, to.identity.device, now);
    if is_brief {
        attempts.truncate(all.len());
        attempts.iter_mut().for_each(Attempt::hurry);
    }
    let mut failed = EngineError::Offline(None);
    for attempt in attempts {
        let there = Membership { relay: attempt.relay.clone(), ..to.clone() };
        match transport::sync(handle, &there, ask, attempt.wait).await {
            Ok(reply) => {
                handle.relays().answered(&attempt, now);
                return Ok((there, reply));
            }
            Err(error) if is_refusal(&error) => return Err(error),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

fn tell(handle: &EngineHandle, phase: SyncPhase, trouble: Option<Message>) {
    handle.set_seen(Seen { phase, trouble });
}

/// One hint of the relay.
#[derive(Deserialize)]
struct Hint {
    doc: DocId,
    last: u64,
}

/// Listens for hints and turns those with news into wakes. A lost hint causes a delay, never a loss of data. What changed before the stream
/// was open is in no hint: each opening is followed by a round.
async fn listen(handle: &EngineHandle, timer: &dyn Timer) {
    loop {
        let to = handle.with(|engine| engine.membership().cloned());
        let is_idle = handle.seen().phase == SyncPhase::Idle;
        if let (Some(to), true) = (to, is_idle)
            && let Ok(mut stream) = transport::hints(handle, &at_present(handle, &to)).await
        {
            handle.wake_sync();
            let mut text = Vec::new();
            while let Some(chunk) = stream.next().await {
                text.extend_from_slice(&chunk);
                take_hints(handle, &mut text);
            }
        }
        timer.sleep(HINTS_AGAIN_MS).await;
    }
}

/// Reads the whole lines in `text`, leaves the rest.
fn take_hints(handle: &EngineHandle, text: &mut Vec<u8>) {
    const LONGEST_LINE: usize = 4096;
    let Some(end) = text.iter().rposition(|byte| *byte == b'\n') else {
        if text.len() > LONGEST_LINE {
            text.clear();
        }
        return;
    };
    let lines: Vec<u8> = text.drain(..=end).collect();
    if lines.split(|byte| *byte == b'\n').any(|line| tells_news(handle, line)) {
        handle.wake_sync();
    }
}

/// Whether a line announces something that this device lacks: a change, or changed grants, which only a sync can fetch.
fn tells_news(handle: &EngineHandle, line: &[u8]) -> bool {
    if line.strip_prefix(b"event:").is_some_and(|event| event.trim_ascii() == b"sync") {
        return true;
    }
    let hint = line.strip_prefix(b"data:").and_then(|data| serde_json::from_slice::<Hint>(data).ok());
    hint.is_some_and(|hint| handle.with(|engine| is_news(engine, &hint)))
}

fn is_news(engine: &Engine, hint: &Hint) -> bool {
    match docs::get(engine.conn(), hint.doc) {
        Ok(Some(row)) => row.cursor < hint.last,
        Ok(None) | Err(_) => true,
    }
}

/// Boxes a future, with `Send` where threads exist.
trait BoxedAnywhere<'a>: Future + Sized + 'a {
    #[cfg(not(target_arch = "wasm32"))]
    fn boxed_local_or_send(self) -> futures_util::future::BoxFuture<'a, Self::Output>
    where
        Self: Send,
    {
        self.boxed()
    }
    #[cfg(target_arch = "wasm32")]
    fn boxed_local_or_send(self) -> futures_util::future::LocalBoxFuture<'a, Self::Output> {
        self.boxed_local()
    }
}

impl<'a, F: Future + 'a> BoxedAnywhere<'a> for F {}
