//! Delivers messages in a story's world according to their fates, and resumes their senders.

use super::cast::COORDINATOR;
use super::device::Device;
use super::house::{House, URLS};
use super::story::{Fate, Mishap};
use super::wire::{Answer, Message, Request, Wire};
use super::world::{World, in_words};
use anyhow::{Context, Result};
use porchlight_model::calls::AnyCall;
use porchlight_model::calls::sync::SyncNow;
use porchlight_model::message::ApiError;
use tokio::runtime::Runtime;

/// The maximum number of messages of one call.
const MOST_MESSAGES: usize = 120;

impl World<'_> {
    /// Makes a call over a network without faults; a running call of that device is aborted.
    pub(super) fn ask(&mut self, who: usize, call: impl Into<AnyCall>) -> Result<Result<String, ApiError>> {
        let device = self.devices.get_mut(who).context("no such device")?;
        device.begin(call)?;
        self.n_trips = 0;
        for _ in 0..MOST_MESSAGES * 100 {
            if let Some(result) = self.devices[who].go_on() {
                return Ok(result);
            }
            let (me, life) = (who, self.devices[who].life);
            let at = self.wire.with(|messages| messages.iter().rposition(|sent| is_of(sent, me, life)));
            if let Some(at) = at {
                let message = self.wire.with(|messages| messages.remove(at));
                let answer = self.arrive_at_relay(&message)?;
                let is_trip = is_sync(&message) && self.hub_of(&message).is_none();
                self.n_trips += usize::from(is_trip);
                message.reply(answer);
            }
        }
        anyhow::bail!("a call of {} never ends", self.devices[who].name)
    }

    /// Lets a device sync, or continue its running sync.
    pub(super) fn sync(&mut self, who: usize, fates: &[Fate], mishap: Mishap) -> Result<()> {
        self.arm(who, mishap);
        let verb = if self.devices[who].is_busy() { "goes on with the sync" } else { "syncs" };
        self.tell(format!("{} {verb}{}", self.devices[who].name, in_words(mishap)));
        if !self.devices[who].is_busy() {
            self.devices[who].begin(SyncNow {})?;
        }
        let result = self.converse(who, fates)?;
        self.devices[who].disarm();
        match result {
            None => return Ok(()),
            Some(Ok(_)) => {}
            Some(Err(error)) => self.tell(format!("    is told: {} {:?}", error.message.id, error.message.args)),
        }
        self.check_safe(who)
    }

    /// Lets a device continue its call, with these fates for its messages; `None` while the call is still running.
    pub(super) fn converse(&mut self, who: usize, fates: &[Fate]) -> Result<Option<Result<String, ApiError>>> {
        let mut fates = fates.iter().copied();
        for _ in 0..MOST_MESSAGES {
            if let Some(result) = self.go_on(who)? {
                return Ok(Some(result));
            }
            let (me, life) = (who, self.devices[who].life);
            let at = self.wire.with(|messages| messages.iter().rposition(|sent| is_of(sent, me, life)));
            let Some(at) = at else { return Ok(None) };
            let fate = fates.next().unwrap_or(Fate::Arrives);
            let message = self.wire.with(|messages| messages.remove(at));
            if self.meet(message, fate)? {
                return Ok(None);
            }
        }
        anyhow::bail!("{} needed more than {MOST_MESSAGES} messages for one call", self.devices[who].name)
    }

    /// Lets a device continue; `None` while it waits, and a result when it died.
    fn go_on(&mut self, who: usize) -> Result<Option<Result<String, ApiError>>> {
        let before = self.wire.with(|messages| messages.len());
        let result = self.devices[who].go_on();
        if !self.devices[who].is_dead() {
            return Ok(result);
        }
        // Messages from after its death were never sent.
        self.wire.with(|messages| messages.truncate(before));
        self.tell(format!("    {} dies there, and starts again", self.devices[who].name));
        self.restart(who)?;
        Ok(Some(Ok(String::new())))
    }

    /// Applies a fate to a message; returns whether its sender is still waiting.
    fn meet(&mut self, mut message: Message, fate: Fate) -> Result<bool> {
        self.tell(format!("    {} {fate}", in_short(&message)));
        match fate {
            Fate::Lost => message.lose(),
            Fate::Late => {
                self.wire.with(|messages| messages.push(message));
                return Ok(true);
            }
            Fate::AnswerLate => {
                message.answer = self.arrive_at_relay(&message)?;
                self.wire.with(|messages| messages.push(message));
                return Ok(true);
            }
            Fate::GivenUp => {
                message.lose();
                self.wire.with(|messages| messages.insert(0, message));
            }
            Fate::Arrives => {
                let answer = self.arrive_at_relay(&message)?;
                message.reply(answer);
            }
            Fate::AnswerLost => {
                self.arrive_at_relay(&message)?;
                message.lose();
            }
            Fate::Doubled => {
                self.arrive_at_relay(&message)?;
                let answer = self.arrive_at_relay(&message)?;
                message.reply(answer);
            }
            Fate::Cut(at) => {
                cut(message.request.body_mut(), at);
                let answer = self.arrive_at_relay(&message)?;
                message.reply(answer);
            }
            Fate::AnswerCut(at) => {
                let answer = self.arrive_at_relay(&message)?;
                message.reply(answer.map(|mut answer| {
                    cut(answer.body_mut(), at);
                    answer
                }));
            }
            Fate::RelayDiesBefore => {
                self.kill_one(&message)?;
                message.lose();
            }
            Fate::RelayDiesAfter => {
                self.arrive_at_relay(&message)?;
                self.kill_one(&message)?;
                message.lose();
            }
        }
        Ok(false)
    }

    /// Kills and restarts a running relay or hub; one that is down stays down.
    fn kill_one(&mut self, message: &Message) -> Result<()> {
        if let Some(hub) = self.hub_of(message) {
            return self.restart(hub);
        }
        let number = message.to;
        if self.house.is_up(number) { self.house.kill_one(&self.stage.runtime, number) } else { Ok(()) }
    }

    fn arrive_at_relay(&mut self, message: &Message) -> Result<Option<Answer>> {
        if let Some(answer) = &message.answer {
            return Ok(Some(answer.clone()));
        }
        if let Some(hub) = self.hub_of(message) {
            let answer = self.devices[hub].host.answer(&self.stage.runtime, &message.request)?;
            self.check_told(message, answer.as_ref())?;
            return Ok(answer);
        }
        if self.ids[message.from] == self.ids[COORDINATOR] {
            let (at_relay, stored) = (self.at_relay()?, self.devices[message.from].stored()?);
            self.ledger.reach(&at_relay);
            self.ledger.show(stored.iter().map(|(_, hash, _)| *hash));
        }
        let Some(answer) = self.house.answer(&self.stage.runtime, message.to, &message.request)? else {
            return Ok(None);
        };
        let sender = self.ids.get(message.from);
        let is_refused = !answer.status().is_success();
        if sender.is_some_and(|sender| self.revoked.contains(sender)) && !is_refused {
            anyhow::bail!("the relay answered a revoked device: {}", answer.status());
        }
        self.check_told(message, Some(&answer))?;
        Ok(Some(answer))
    }

    /// Delivers a delayed message.
    pub(super) fn arrive(&mut self, nth: usize) -> Result<()> {
        let message = self.wire.with(|messages| (!messages.is_empty()).then(|| messages.remove(nth % messages.len())));
        let Some(message) = message else { return Ok(()) };
        let (from, is_of_this_life) = (message.from, self.devices[message.from].life == message.life);
        self.tell(format!("late, {} of {} arrives", in_short(&message), self.devices[from].name));
        let answer = self.arrive_at_relay(&message)?;
        message.reply(answer);
        if is_of_this_life && !self.gone.contains(&from) && self.devices[from].is_busy() && self.go_on(from)?.is_some()
        {
            return self.check_safe(from);
        }
        Ok(())
    }
}

/// Whether a message is a sync request.
pub(super) fn is_sync(message: &Message) -> bool {
    message.request.uri().path() == "/v1/sync"
}

/// Makes a call over a network without faults; a running call of that device is aborted.
///
/// # Errors
/// When the call never ends; inside, what the interface would show.
pub fn ask_at_once(
    device: &mut Device,
    house: &House,
    wire: &Wire,
    runtime: &Runtime,
    call: impl Into<AnyCall>,
) -> Result<Result<String, ApiError>> {
    device.begin(call)?;
    for _ in 0..MOST_MESSAGES * 100 {
        if let Some(result) = device.go_on() {
            return Ok(result);
        }
        let (me, life) = (device.index, device.life);
        let at = wire.with(|messages| messages.iter().rposition(|sent| is_of(sent, me, life)));
        if let Some(at) = at {
            let message = wire.with(|messages| messages.remove(at));
            let answer = house.answer(runtime, message.to, &message.request)?;
            message.reply(answer);
        }
    }
    anyhow::bail!("a call of {} never ends", device.name)
}

/// Whether a message belongs to the current life of this device.
fn is_of(message: &Message, from: usize, life: u32) -> bool {
    message.from == from && message.life == life && message.is_awaited()
}

fn cut(bytes: &mut Vec<u8>, thousandths: u16) {
    bytes.truncate(bytes.len() * usize::from(thousandths) / 1000);
}

fn in_short(message: &Message) -> String {
    let Message { request, answer, .. } = message;
    let what = if answer.is_some() { "the answer to " } else { "" };
    let where_to = match message.to {
        0 => "",
        to if to < URLS.len() => " to the other relay",
        _ => " to the hub",
    };
    format!("{what}{} {} ({} bytes){where_to}", request.method(), path_of(request), request.body().len())
}

fn path_of(request: &Request) -> &str {
    let path = request.uri().path();
    if path.starts_with("/v1/packs/") { "/v1/packs/…" } else { path }
}
