//! Prints measured figures and the machine: `cargo xtask bench first`, `cargo xtask bench office`, `cargo xtask bench sync`.
//! `porchlight-bench sync intake` and `porchlight-bench office universe` measure one part.
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
        "office" => {
            let part = std::env::args().nth(2);
            if part.is_none() {
                bench::office::measure(|figure| println!("{figure}")).await?;
            }
            match part.as_deref() {
                None | Some("universe") => bench::universe::measure(|figure| println!("{figure}")).await,
                Some(other) => bail!("no part {other:?} of office; there is: universe"),
            }
        }
        "sync" => {
            let chosen: Vec<String> = std::env::args().skip(2).collect();
            let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
            for part in if chosen.is_empty() { &bench::sync::PARTS } else { chosen.as_slice() } {
                bench::sync::measure(part, |figure| println!("{figure}")).await?;
            }
            Ok(())
        }
        other => bail!("no benchmark {other:?}; there are: first, office, sync"),
    }
}
