//! A device's process (`porchlight-phone`), which can be killed at any instant and started again on its disk.

use crate::field::Field;
use crate::relay::program;
use anyhow::{Context, Result, anyhow};
use porchlight_model::calls::{AnyCall, Call};
use porchlight_model::message::ApiError;
use serde::Deserialize;
use std::io::{BufRead, BufReader, Lines, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

/// A device's process.
#[derive(Debug)]
pub struct Phone {
    /// Whose it is.
    pub name: String,
    folder: PathBuf,
    field: Option<Arc<Field>>,
    /// Its address as a hub.
    place: Option<SocketAddr>,
    process: Process,
}

#[derive(Debug)]
struct Process {
    child: Child,
    to: ChildStdin,
    replies: Lines<BufReader<ChildStdout>>,
}

#[derive(Deserialize)]
enum Reply<T> {
    #[serde(rename = "ok")]
    Done(T),
    #[serde(rename = "err")]
    Failed(ApiError),
}

impl Phone {
    /// Starts a device whose disk is `folder`, in a field or in this process's network.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(name: &str, folder: &Path, field: Option<Arc<Field>>) -> Result<Self> {
        let process = Process::start(name, folder, field.as_deref(), None)?;
        Ok(Self { name: name.to_owned(), folder: folder.to_owned(), field, place: None, process })
    }

    /// Starts a device with its own address as a hub.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_at(name: &str, folder: &Path, place: SocketAddr) -> Result<Self> {
        let process = Process::start(name, folder, None, Some(place))?;
        Ok(Self { name: name.to_owned(), folder: folder.to_owned(), field: None, place: Some(place), process })
    }

    /// Sends it a call without waiting for the reply.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn tell(&mut self, call: impl Into<AnyCall>) -> Result<()> {
        let line = serde_json::to_string(&call.into())?;
        writeln!(self.process.to, "{line}").with_context(|| format!("telling {}", self.name))
    }

    /// The reply to the first call whose reply was not read yet.
    ///
    /// # Errors
    /// When the process ended; inside, what the interface would show.
    pub fn reply<C: Call>(&mut self) -> Result<Result<C::Reply, ApiError>> {
        let line = self.process.replies.next().with_context(|| format!("{} is gone", self.name))??;
        let reply = serde_json::from_str(&line).with_context(|| format!("{} replied {line}", self.name))?;
        Ok(match reply {
            Reply::Done(reply) => Ok(reply),
            Reply::Failed(error) => Err(error),
        })
    }

    /// Makes a call and waits for the reply.
    ///
    /// # Errors
    /// When the process ended, or what the interface would show.
    pub fn ask<C: Call>(&mut self, call: C) -> Result<C::Reply> {
        self.tell(call)?;
        self.reply::<C>()?.map_err(|error| anyhow!("{}: {error} {:?}", self.name, error.message))
    }

    /// Kills it, as a flat battery would, and restarts it on its disk.
    ///
    /// # Errors
    /// When it does not start again.
    pub fn kill_and_restart(&mut self) -> Result<()> {
        self.process.end();
        self.process = Process::start(&self.name, &self.folder, self.field.as_deref(), self.place)?;
        Ok(())
    }

    /// Kills it and restarts it in another field, or in this process's network.
    ///
    /// # Errors
    /// When it does not start again.
    pub fn walk_to(&mut self, field: Option<Arc<Field>>) -> Result<()> {
        self.field = field;
        self.kill_and_restart()
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.process.end();
    }
}

impl Process {
    fn start(name: &str, folder: &Path, field: Option<&Field>, place: Option<SocketAddr>) -> Result<Self> {
        let program = program("porchlight-tests", "porchlight-phone")?;
        let mut command = field.map_or_else(|| Command::new(&program), |field| field.command(&program));
        let mut child = command
            .arg(name)
            .arg(folder)
            .args(place.map(|place| place.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting the device of {name}"))?;
        let to = child.stdin.take().context("a device without input")?;
        let replies = BufReader::new(child.stdout.take().context("a device without output")?).lines();
        Ok(Self { child, to, replies })
    }

    fn end(&mut self) {
        // It may be dead already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
