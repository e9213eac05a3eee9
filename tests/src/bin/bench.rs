//! Prints measured figures with the machine they were measured on: `cargo xtask bench first`.
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
        other => bail!("no benchmark {other:?}; there is: first"),
    }
}
