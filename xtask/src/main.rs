//! `cargo xtask …`: set-up, demo, tests and benchmarks. On a fresh machine each installs what it needs, saying what and why.
#![expect(clippy::print_stdout, reason = "it talks to the developer who runs it")]

mod bench;
mod browser;
mod demo;
mod fuzz;
mod notices;
mod run;
mod setup;
mod simulate;
mod test;
mod web;
mod window;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask demo  [--port N]     build what is needed, start a relay with a demo town, print a link for each role
cargo xtask test  [--only STEP]  everything: format, lints, unit, story, browser and window tests
cargo xtask bench first|sync     measure the figures of the main job, or of sync, with the machine they were measured on
cargo xtask simulate [--runs N]  play N stories of devices, a bad network and a relay; --seed S starts there, --story FILE plays one
cargo xtask fuzz  [TARGET] [--seconds N]   throw bytes at every decoder, or at one, for so long each (usual: 60)
cargo xtask web   [--quick]      build the web app into target/web-app; --quick: large and unpacked, to try a change in a browser
cargo xtask window               build the native window and open it
cargo xtask setup                install what demo and test need, without running them
cargo xtask notices [--check]    write docs/THIRD-PARTY.md from the licences of what is built in
";

fn main() -> Result<()> {
    std::env::set_current_dir(run::root())?;
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["demo"] => demo::demo(demo::PORT),
        ["demo", "--port", port] => demo::demo(port.parse()?),
        ["test"] => test::test(None),
        ["test", "--only", step] => test::test(Some(step)),
        ["bench", which] => bench::bench(which),
        ["simulate", words @ ..] => simulate::simulate(words),
        ["fuzz"] => fuzz::fuzz(None, fuzz::SECONDS),
        ["fuzz", "--seconds", seconds] => fuzz::fuzz(None, seconds.parse()?),
        ["fuzz", target] => fuzz::fuzz(Some(target), fuzz::SECONDS),
        ["fuzz", target, "--seconds", seconds] => fuzz::fuzz(Some(target), seconds.parse()?),
        ["web"] => web::build().map(drop),
        ["web", "--quick"] => web::build_as(web::Profile::Quick).map(drop),
        ["window"] => window::open(),
        ["setup"] => setup::everything(),
        ["notices"] => notices::write(),
        ["notices", "--check"] => notices::check(),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        other => bail!("`cargo xtask {}` is not known.\n\n{HELP}", other.join(" ")),
    }
}
