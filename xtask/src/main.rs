//! `cargo xtask …`: set-up, demo, tests and benchmarks. Each installs what is missing, and says what and why.
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

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};

/// Set-up, demo, tests and benchmarks of Porchlight. Each installs what is missing, and says what and why.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    command: Task,
}

/// The tasks, as subcommands.
#[derive(Debug, Subcommand)]
enum Task {
    /// Build what is needed, start a relay with a demo town, and open the app for each role
    Demo {
        /// Where the relay listens
        #[arg(long, default_value_t = demo::PORT)]
        port: u16,
    },
    /// Run all checks: format, lints, unit, story, simulation, browser and window tests
    Test {
        /// Run only this step
        #[arg(long, value_name = "STEP", value_parser = PossibleValuesParser::new(test::names()))]
        only: Option<String>,
    },
    /// Run the benchmarks of the main job, of the office or of sync, and name the machine
    Bench {
        /// Which figures
        #[arg(value_parser = bench::SETS)]
        set: String,
    },
    /// Simulate devices, an unreliable network and a relay (its own --help lists all options)
    #[command(disable_help_flag = true)]
    Simulate {
        /// Arguments for the simulation, e.g. --runs 1000 --seed 7
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Fuzz every decoder, or one
    Fuzz {
        /// The decoder; all if none is named
        target: Option<String>,
        /// How long each runs, in seconds
        #[arg(long, default_value_t = fuzz::SECONDS)]
        seconds: u32,
    },
    /// Build the web app into target/web-app
    Web {
        /// Build large and uncompressed, in a fraction of the time, to try a change in a browser
        #[arg(long)]
        quick: bool,
    },
    /// Build the native window and open it
    Window,
    /// Install what demo and test need, without running them
    Setup,
    /// Write docs/THIRD-PARTY.md from the licences of all dependencies that are shipped
    Notices {
        /// Only check whether it is up to date
        #[arg(long)]
        check: bool,
    },
}

fn main() -> Result<()> {
    let task = Xtask::parse().command;
    std::env::set_current_dir(run::root())?;
    match task {
        Task::Demo { port } => demo::demo(port),
        Task::Test { only } => test::test(only.as_deref()),
        Task::Bench { set } => bench::bench(&set),
        Task::Simulate { words } => simulate::simulate(&words),
        Task::Fuzz { target, seconds } => fuzz::fuzz(target.as_deref(), seconds),
        Task::Web { quick: false } => web::build().map(drop),
        Task::Web { quick: true } => web::build_as(web::Profile::Quick).map(drop),
        Task::Window => window::open(),
        Task::Setup => setup::everything(),
        Task::Notices { check: false } => notices::write(),
        Task::Notices { check: true } => notices::check(),
    }
}
