//! The program `porchlight-relay`: reads its settings, serves until it is told to stop, or makes an invite and ends.

mod founding;
mod reload;

use anyhow::{Context, bail};
use porchlight_model::id::CampaignId;
use porchlight_relay::logs;
use porchlight_relay::operate::{self, Filter, InviteFilter, NotShutOut, ShutOut};
use porchlight_relay::relay::{InviteOf, join_link};
use porchlight_relay::settings::{
    Asked, Command, Given, InviteFlags, InvitesFlags, ListFlags, Metrics, Settings, USUAL_METRICS,
};
use porchlight_relay::store::StoreError;
use porchlight_relay::store::postgres::PostgresStore;
use porchlight_relay::store::sqlite::{Claim, FILE_NAME, SqliteStore};
use porchlight_relay::{Doors, Relay, Tls, WallClock, serve};
use std::io::{ErrorKind, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

#[tokio::main]
async fn main() -> ExitCode {
    let asked = match Asked::read() {
        Ok(asked) => asked,
        Err(error) if error.use_stderr() && logs::is_read_by_journal() => {
            logs::say_last(error.to_string().trim_end());
            return ExitCode::from(2);
        }
        Err(error) => error.exit(),
    };
    match obey(asked).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            logs::say_last(&format!("porchlight-relay: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn obey(asked: Asked) -> anyhow::Result<()> {
    logs::start();
    let settings = Settings::complete(asked.given.clone())?;
    match asked.command {
        None => run(asked.given, settings).await,
        Some(Command::Invite(flags)) => invite(&settings, flags).await,
        Some(Command::Devices(flags)) => list(&settings, flags, What::Devices).await,
        Some(Command::Members(flags)) => list(&settings, flags, What::Members).await,
        Some(Command::Invites(InvitesFlags { what, role, campaign, json })) => {
            let relay = open_existing(&settings).await?;
            let campaign = the_campaign(&relay, campaign).await?;
            let filter = InviteFilter { what, role };
            let invites = operate::invites(&relay, campaign, &filter).await.context("listing invites")?;
            tell(json, &invites, || operate::invites_table(&invites))?;
            close(&relay).await
        }
        Some(Command::Withdraw { invite, campaign, json }) => {
            let relay = open_existing(&settings).await?;
            let campaign = the_campaign(&relay, campaign).await?;
            operate::withdraw(&relay, campaign, invite).await.context("withdrawing the invite")?;
            tell(json, &serde_json::json!({ "withdrawn": invite }), || {
                format!("The invite {invite} lets nobody in any more. Whoever used it stays.")
            })?;
            close(&relay).await
        }
        Some(Command::Revoke { who, campaign, json }) => {
            let relay = open_existing(&settings).await?;
            revoke(&relay, &who, campaign, json).await?;
            close(&relay).await
        }
        Some(Command::DeleteCampaign { name, campaign, json }) => {
            let relay = open_existing(&settings).await?;
            delete_campaign(&relay, name.as_deref(), campaign, json).await?;
            close(&relay).await
        }
        Some(Command::Restored) => {
            let relay = open_existing(&settings).await?;
            let n_ended = relay.start_new_epoch().await.context("starting a new epoch")?;
            say(&format!(
                "Devices send again what the backup lacks. {n_ended} open invites were ended: since the backup they may have been used or withdrawn. For those who still need one: porchlight-relay invite"
            ))?;
            close(&relay).await
        }
    }
}

/// Serves until SIGTERM or SIGINT.
async fn run(given: Given, settings: Settings) -> anyhow::Result<()> {
    if settings.store.is_some() && settings.bus.is_none() {
        tracing::warn!(
            "no bus (--bus): devices do not hear at once what others send to another relay over the same store"
        );
    }
    // SIGHUP ends a program that has no handler for it: the handler is installed before anything that takes time.
    let hangup = reload::Hangup::listen()?;
    reload::check_web(&settings)?;
    // Unusable settings are reported before the relay says that it listens.
    let tls = settings.tls.as_ref().map(Tls::load).transpose()?;
    // Held while it serves; other commands work beside it.
    let _claim = match &settings.store {
        None => Some(claim(&settings.data)?),
        Some(_) => None,
    };
    let relay = open(&settings).await?;
    let listener = TcpListener::bind(settings.listen).with_context(|| format!("listening on {}", settings.listen))?;
    let metrics = listen_for_metrics(settings.metrics)?;
    let address = listener.local_addr().context("asking for the address")?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let own_url = format!("{scheme}://{address}");
    let signals = stop_signals()?;
    say(&format!("listening on {own_url}"))?;
    if relay.upkeep()?.campaigns().await?.is_empty() {
        founding::invite_founder(&relay, &settings, settings.url.as_deref().unwrap_or(&own_url)).await?;
    }
    tokio::spawn(reload::on(hangup, relay.clone(), tls.clone(), given, settings));
    serve(relay, Doors { listener, tls, metrics }, signals).await.context("serving")?;
    tracing::info!("stopped");
    Ok(())
}

/// Claims the data folder for this relay alone.
fn claim(data: &Path) -> anyhow::Result<Claim> {
    let claim = SqliteStore::claim(data).with_context(|| format!("opening the data folder {}", data.display()))?;
    claim.with_context(|| {
        let data = data.display();
        format!(
            "another relay serves from {data} already: a folder is for one relay, several share a PostgreSQL (--store)"
        )
    })
}

/// Binds the address of metrics. Without a configured address, a relay serves without metrics where the default one is in use.
fn listen_for_metrics(metrics: Option<Metrics>) -> anyhow::Result<Option<TcpListener>> {
    let at = match metrics {
        None => USUAL_METRICS,
        Some(Metrics::At(at)) => at,
        Some(Metrics::Off) => return Ok(None),
    };
    match TcpListener::bind(at) {
        Ok(listener) => {
            tracing::info!("metrics at http://{}/metrics", listener.local_addr().unwrap_or(at));
            Ok(Some(listener))
        }
        Err(error) if metrics.is_none() && error.kind() == ErrorKind::AddrInUse => {
            tracing::warn!(
                "no metrics: another program listens on {at}, perhaps another relay; say another address with --metrics"
            );
            Ok(None)
        }
        Err(error) => Err(error).with_context(|| format!("listening on {at} for metrics (--metrics)")),
    }
}

/// What a list shows.
#[derive(Debug, Clone, Copy)]
enum What {
    Devices,
    Members,
}

/// Prints devices or people.
async fn list(settings: &Settings, flags: ListFlags, what: What) -> anyhow::Result<()> {
    let relay = open_existing(settings).await?;
    let campaign = the_campaign(&relay, flags.campaign).await?;
    let filter = Filter { who: flags.who, role: flags.role, with_revoked: flags.revoked };
    match what {
        What::Devices => {
            let devices = operate::listed(&relay, campaign, &filter).await.context("listing devices")?;
            tell(flags.json, &devices, || operate::devices_table(&devices))?;
        }
        What::Members => {
            let members =
                operate::members(&operate::devices(&relay, campaign, &filter).await.context("listing people")?);
            tell(flags.json, &members, || operate::members_table(&members))?;
        }
    }
    close(&relay).await
}

/// Shuts a device or a person out of the one campaign that has them, and prints what was done.
async fn revoke(relay: &Relay, who: &str, campaign: Option<CampaignId>, json: bool) -> anyhow::Result<()> {
    let campaigns = match campaign {
        Some(campaign) => vec![campaign],
        None => relay.upkeep()?.campaigns().await?,
    };
    let mut found = Vec::new();
    for campaign in campaigns {
        let filter = Filter { who: Some(who.trim().to_owned()), role: None, with_revoked: true };
        if !operate::listed(relay, campaign, &filter).await?.is_empty() {
            found.push(campaign);
        }
    }
    let campaign = match found.as_slice() {
        [campaign] => *campaign,
        [] => return Err(NotShutOut::Nobody(who.to_owned()).into()),
        several => {
            let ids: Vec<_> = several.iter().map(ToString::to_string).collect();
            bail!("{who:?} is in several campaigns, choose one with --campaign: {}", ids.join(", "))
        }
    };
    let done = operate::shut_out(relay, campaign, who).await?;
    tell(json, &done, || {
        let mut lines = Vec::new();
        for device in &done.revoked {
            let ShutOut { voided, .. } = &done;
            let n = voided.iter().filter(|invite| invite.made_by == Some(device.device)).count();
            lines.push(format!(
                "Revoked: the device {} of {} ({}). It is served nothing from now on; {n} of its invites let nobody in any more.",
                device.device,
                device.name,
                device.role.as_str()
            ));
        }
        if let Some(device) = &done.placeholder {
            lines.push(format!(
                "Revoked: the device {device}, of which only changes are known. It was served nothing, and nobody gets in as it."
            ));
        }
        for device in &done.before {
            let how = operate::revoked(device).unwrap_or_default();
            lines.push(format!("Revoked before: the device {} of {} ({how}).", device.device, device.name));
        }
        lines.join("\n")
    })?;
    Ok(())
}

/// Deletes the named campaign, or prints what would be deleted.
async fn delete_campaign(
    relay: &Relay,
    name: Option<&str>,
    campaign: Option<CampaignId>,
    json: bool,
) -> anyhow::Result<()> {
    let Some(name) = name else {
        let kept = operate::campaigns(relay, campaign).await.context("reading what is kept")?;
        return tell(json, &kept, || {
            let table = operate::campaigns_table(&kept);
            format!(
                "{table}\nNothing was deleted. To delete one for good, with all of this: porchlight-relay delete-campaign --name \"ITS NAME\""
            )
        });
    };
    let gone = operate::delete_campaign(relay, campaign, name).await?;
    tell(json, &gone, || {
        format!(
            "Deleted: {:?} with {} people, {} devices, {} documents, {} changes and {} packs. Devices keep what they hold.",
            gone.name, gone.n_members, gone.n_devices, gone.n_docs, gone.n_changes, gone.n_packs
        )
    })
}

/// Prints as JSON or as plain text.
fn tell<T: serde::Serialize>(json: bool, what: &T, plain: impl FnOnce() -> String) -> anyhow::Result<()> {
    let text = if json { serde_json::to_string_pretty(what)? } else { plain() };
    Ok(say(&text)?)
}

/// Makes an invite and prints its link.
async fn invite(settings: &Settings, flags: InviteFlags) -> anyhow::Result<()> {
    let relay = open_existing(settings).await?;
    let made = if flags.found {
        relay.invite_founder().await?
    } else {
        let campaign = Some(the_campaign(&relay, flags.campaign).await?);
        let InviteFlags { role, doc: docs, label, uses, minutes, .. } = flags;
        relay.invite(InviteOf { campaign, role, docs, label, uses, minutes, by: None }).await?
    };
    let own_url = format!("http://{}", settings.listen);
    if settings.url.is_none() {
        logs::say_beside(&format!(
            "porchlight-relay: no public address is known, so this link leads to {own_url}, where phones may not find the relay. Say it with --url https://…, with PORCHLIGHT_URL, or as `url` in the relay's configuration file (--config)"
        ));
    }
    say(&join_link(settings.url.as_deref().unwrap_or(&own_url), &made.secret))?;
    close(&relay).await
}

async fn the_campaign(relay: &Relay, asked: Option<CampaignId>) -> anyhow::Result<CampaignId> {
    let campaigns = relay.upkeep()?.campaigns().await?;
    match (asked, campaigns.as_slice()) {
        (Some(campaign), _) => Ok(campaign),
        (None, [only]) => Ok(*only),
        (None, []) => bail!("there is no campaign yet: make a founding invite with --found"),
        (None, several) => {
            let ids: Vec<_> = several.iter().map(ToString::to_string).collect();
            bail!("the relay has several campaigns, choose one with --campaign: {}", ids.join(", "))
        }
    }
}

async fn open(settings: &Settings) -> anyhow::Result<Relay> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| StoreError::Unavailable(error.into()))?;
    let config = settings.config(Arc::new(WallClock), seed);
    match &settings.store {
        None => Relay::open(&config).with_context(|| opening(settings)),
        Some(address) => Relay::connect(&config, address).await.with_context(|| opening(settings)),
    }
}

/// What is attempted when the store is opened.
fn opening(settings: &Settings) -> String {
    match &settings.store {
        None => format!("opening the store {}", settings.data.join(FILE_NAME).display()),
        Some(_) => "opening the store (--store); is PostgreSQL there and may this user in?".to_owned(),
    }
}

/// Opens a store that a relay has laid out: a mistyped place is refused, and stays as it is.
async fn open_existing(settings: &Settings) -> anyhow::Result<Relay> {
    let is_there = match &settings.store {
        None => SqliteStore::is_laid_out(&settings.data),
        Some(address) => PostgresStore::is_laid_out(address).await,
    };
    if is_there.with_context(|| opening(settings))? {
        return open(settings).await;
    }
    match &settings.store {
        None => bail!(
            "there is no relay's store in {}: say its folder with --data; a relay makes it when it first starts",
            settings.data.display()
        ),
        Some(_) => bail!(
            "there is no relay's store in this database: say its address with --store; a relay lays it out when it first starts"
        ),
    }
}

async fn close(relay: &Relay) -> anyhow::Result<()> {
    relay.store().close().await.context("closing the store")
}

fn say(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Ready when the process is told to stop.
#[cfg(unix)]
fn stop_signals() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => tracing::info!("SIGTERM: stopping"),
            _ = interrupt.recv() => tracing::info!("SIGINT: stopping"),
        }
    })
}

/// Ready when the process is told to stop.
#[cfg(not(unix))]
fn stop_signals() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_ok() {
            tracing::info!("stopping");
        }
    })
}
