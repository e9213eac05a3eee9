//! The native window: built with the web app inside.

use crate::run::{command, finish, run};
use crate::{setup, web};
use anyhow::Result;

/// Builds the window's program.
pub(crate) fn build() -> Result<()> {
    web::build()?;
    setup::window()?;
    run("cargo build --quiet -p porchlight --features custom-protocol")
}

/// Builds the window and starts it.
pub(crate) fn start() -> Result<()> {
    build()?;
    finish(&mut command("target/debug/porchlight", [] as [&str; 0]))
}
