//! A device as its own process: the real engine on a real disk, which syncs by itself as an app does. Each line of its input is a
//! call as JSON and gets a line in return, `{"ok":…}` or `{"err":…}`: `porchlight-phone NAME FOLDER [ADDRESS:PORT | network]`,
//! where the last argument is its address as a hub.
#![expect(clippy::print_stdout, reason = "it answers there")]

use anyhow::{Context, Result, bail};
use porchlight_engine::dispatch;
use porchlight_engine::hub::open::reopen;
use porchlight_engine::sync::driver::Sleep;
use porchlight_engine::sync::{self, Timer};
use porchlight_tests::person::Person;
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A timer that uses the runtime's timers.
struct TokioTimer;

impl Timer for TokioTimer {
    fn sleep(&self, ms: u64) -> Sleep {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms)))
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let person = match words.as_slice() {
        [name, folder] => Person::new(name, Path::new(folder))?,
        [name, folder, place] => Person::at(name, Path::new(folder), place.parse()?)?,
        _ => bail!("usage: porchlight-phone NAME FOLDER [ADDRESS:PORT | network]"),
    };
    reopen(person.handle())?;
    tokio::spawn(sync::run(person.handle().clone(), Arc::new(TokioTimer)));
    let (told, mut calls) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || std::io::stdin().lock().lines().try_for_each(|line| told.send(line).ok()));
    while let Some(line) = calls.recv().await {
        let call = serde_json::from_str(&line?).context("a line that is no call")?;
        match dispatch(person.handle(), call).await {
            Ok(reply) => println!(r#"{{"ok":{reply}}}"#),
            Err(error) => println!(r#"{{"err":{}}}"#, serde_json::to_string(&error)?),
        }
    }
    Ok(())
}
