//! Prints measured figures with the machine they were measured on: `cargo xtask bench first`, `cargo xtask bench sync`.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use anyhow::{Result, bail};
use porchlight_tests::bench;

#[tokio::main]
async fn main() -> Result<()> {
    let which = std::env::args().nth(1).unwrap_or_default();
    println!("{}", bench::machine());
    match which.as_str() {
        "first" => {
            for figure in bench::first::measure().await? {
                println!("{figure}");
            }
            Ok(())
        }
        "sync" => bench::sync::measure(|figure| println!("{figure}")).await,
        other => bail!("no benchmark {other:?}; there are: first, sync"),
    }
}
