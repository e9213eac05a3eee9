//! The link by which a campaign is founded: made once, and told in a file or on standard output.

use crate::say;
use anyhow::Context;
use porchlight_model::relay::{InviteLook, RefusalCode};
use porchlight_relay::relay::join_link;
use porchlight_relay::secret::Secret;
use porchlight_relay::settings::Settings;
use porchlight_relay::store::StoreError;
use porchlight_relay::{Clock, Relay, WallClock};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Result, Write};
use std::path::{Path, PathBuf};

/// Tells how to found a campaign: makes a link for it, unless one that was told at an earlier start is still good.
///
/// # Errors
/// When the store fails or the link cannot be told; then none was made that nobody knows, but where the disk broke meanwhile.
pub(crate) async fn invite_founder(relay: &Relay, settings: &Settings, url: &str) -> anyhow::Result<()> {
    if let Some(file) = &settings.founding_invite {
        return tell_in(file, relay, url).await;
    }
    if let Some(until) = relay.enrolment()?.founding_until(WallClock.now()).await? {
        let until = until.to_iso();
        say(&format!(
            "A link to found a campaign was made before; it is good until {until}. For another: porchlight-relay invite --found"
        ))?;
        return Ok(());
    }
    let link = join_link(url, &relay.invite_founder().await?.secret);
    Ok(say(&format!("To found a campaign, open this link within seven days: {link}"))?)
}

/// Leaves the link in a file. Where it is to be written is opened first: a relay that cannot write there makes no link, however often it
/// is started. A file that tells it already is left as it is.
async fn tell_in(file: &Path, relay: &Relay, url: &str) -> anyhow::Result<()> {
    let cannot_write = || format!("writing the invite to {}", file.display());
    let told = told_in(file).with_context(cannot_write)?;
    let secret = told.rsplit_once("/join#").and_then(|(_, secret)| Secret::parse(secret.trim()));
    let good = match secret {
        Some(secret) => {
            let look = relay.enrolment()?.look(secret.hash(), WallClock.now()).await;
            is_good(look).context("looking whether the link to found a campaign is good")?.then_some(secret)
        }
        None => None,
    };
    if let Some(secret) = &good
        && told.trim() == join_link(url, secret.as_str())
    {
        close_to_others(file);
        return Ok(());
    }
    let to = To::open(file).with_context(cannot_write)?;
    let secret = match good {
        Some(secret) => secret.as_str().to_owned(),
        None => relay.invite_founder().await?.secret,
    };
    to.write(&join_link(url, &secret)).with_context(cannot_write)
}

/// What a file tells, where it is one that keeps what is written.
fn told_in(file: &Path) -> Result<String> {
    match file.metadata() {
        Ok(found) if found.is_file() => Ok(String::from_utf8_lossy(&std::fs::read(file)?).into_owned()),
        Ok(_) => Ok(String::new()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// Whether a link still lets somebody found a campaign. A store that does not tell is asked again at the next start: a second link would
/// be good beside the first.
fn is_good(look: std::result::Result<InviteLook, StoreError>) -> std::result::Result<bool, StoreError> {
    match look {
        Ok(_) => Ok(true),
        Err(StoreError::Refused(
            _,
            RefusalCode::InviteUnknown | RefusalCode::InviteExpired | RefusalCode::InviteUsed,
        )) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Where a link is written, for this user alone.
enum To {
    /// Beside the file, to take its place at once: whenever this ends, the file tells the last link or this one.
    Beside { file: PathBuf, new: PathBuf, opened: File },
    /// In the file itself, which keeps nothing, or is in a folder that takes no other.
    Itself(File),
}

impl To {
    fn open(file: &Path) -> Result<Self> {
        let keeps = file.metadata().is_ok_and(|found| found.is_file());
        if !keeps && file.exists() {
            return Ok(Self::Itself(File::options().write(true).open(file)?));
        }
        // A link to a file stays one.
        let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        let mut name = std::ffi::OsString::from(".");
        name.push(file.file_name().unwrap_or_default());
        name.push(".new");
        let new = file.with_file_name(name);
        // One that was killed may have left it.
        let _ = std::fs::remove_file(&new);
        match secretly().create_new(true).open(&new) {
            Ok(opened) => Ok(Self::Beside { file, new, opened }),
            Err(_) if keeps => {
                close_to_others(&file);
                Ok(Self::Itself(File::options().write(true).open(file)?))
            }
            Err(error) => Err(error),
        }
    }

    fn write(self, line: &str) -> Result<()> {
        match self {
            Self::Itself(file) => write_over(file, line),
            Self::Beside { file, new, mut opened } => {
                opened.write_all(format!("{line}\n").as_bytes())?;
                opened.sync_all()?;
                if std::fs::rename(&new, &file).is_ok() {
                    return Ok(());
                }
                // A file that is mounted by itself, such as a container's, gives its place to no other.
                let _ = std::fs::remove_file(&new);
                close_to_others(&file);
                write_over(secretly().create(true).truncate(false).open(&file)?, line)
            }
        }
    }
}

/// Writes a line over what a file holds. Links of one address are equally long: none is lost between the two steps.
fn write_over(mut file: File, line: &str) -> Result<()> {
    let line = format!("{line}\n");
    file.write_all(line.as_bytes())?;
    if file.metadata()?.is_file() {
        file.set_len(line.len() as u64)?;
        file.sync_all()?;
    }
    Ok(())
}

/// How a file is made that only this user can read.
fn secretly() -> OpenOptions {
    let mut options = File::options();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Closes a file to other users, to whom an earlier program or somebody else may have opened it.
fn close_to_others(file: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let Ok(found) = file.metadata() else { return };
        if found.permissions().mode() & 0o077 == 0 {
            return;
        }
        if let Err(error) = std::fs::set_permissions(file, PermissionsExt::from_mode(0o600)) {
            tracing::warn!(file = %file.display(), %error, "the link to found a campaign stays readable to others");
        }
    }
    #[cfg(not(unix))]
    let _ = file;
}

#[cfg(test)]
mod tests {
    use super::is_good;
    use porchlight_model::relay::RefusalCode;
    use porchlight_relay::store::StoreError;

    #[test]
    fn a_store_that_does_not_answer_says_nothing_of_a_link() {
        for (error, expected) in [
            (StoreError::Refused("", RefusalCode::InviteUsed), Some(false)),
            (StoreError::Refused("", RefusalCode::InviteExpired), Some(false)),
            (StoreError::Refused("", RefusalCode::InviteUnknown), Some(false)),
            (StoreError::Refused("", RefusalCode::Unavailable), None),
            (StoreError::Busy, None),
            (StoreError::Unavailable("away".into()), None),
        ] {
            assert_eq!(is_good(Err(error)).ok(), expected);
        }
    }
}
