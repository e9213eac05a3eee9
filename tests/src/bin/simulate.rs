//! Plays random stories of the simulation until one breaks a promise, or one story from a file. See `docs/sync.md`.
#![expect(clippy::print_stdout, reason = "it talks to the developer who runs it")]

use anyhow::{Context, Result, bail};
use clap::Parser;
use porchlight_tests::sim::hunt::{Verdict, hunt, play};
use porchlight_tests::sim::shrink::shrink;
use porchlight_tests::sim::story::Story;
use porchlight_tests::sim::world::Stage;
use std::path::PathBuf;
use std::time::Instant;

/// Simulates devices, an unreliable network and a relay, and checks that every promise of sync is kept.
#[derive(Debug, Parser)]
struct Arguments {
    /// The number of stories.
    #[arg(long, default_value_t = 1000)]
    runs: u64,
    /// The seed of the first story.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A story file from a failing run, to play instead.
    #[arg(long)]
    story: Option<PathBuf>,
    /// The number of threads.
    #[arg(long)]
    threads: Option<usize>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match arguments.story {
        Some(path) => replay(&path),
        None => {
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            many(arguments.seed, arguments.runs, arguments.threads.unwrap_or(cores))
        }
    }
}

fn many(seed: u64, runs: u64, n_threads: usize) -> Result<()> {
    let began = Instant::now();
    let found = hunt(seed..seed + runs, n_threads)?;
    let Some((story, verdict)) = found.first() else {
        let seconds = began.elapsed().as_secs_f64();
        let a_minute = runs as f64 * 60.0 / seconds;
        println!("{runs} stories kept every promise: {seconds:.1} s, {a_minute:.0} a minute on {n_threads} threads");
        return Ok(());
    };
    println!("The story of seed {} breaks a promise:\n{}", story.seed, told(verdict));
    let stage = Stage::new(None)?;
    let short = shrink(&stage, story);
    println!("The shortest that breaks one:\n{}", told(&play(&stage, &short)));
    let folder = PathBuf::from("target/simulate");
    std::fs::create_dir_all(&folder).context("making target/simulate")?;
    let path = folder.join(format!("{}.json", story.seed));
    std::fs::write(&path, serde_json::to_string(&short)?).context("writing the story")?;
    bail!(
        "seed {} breaks a promise. Replay: cargo xtask simulate --runs 1 --seed {}, or the short one: cargo xtask simulate --story {}",
        story.seed,
        story.seed,
        path.display()
    )
}

fn replay(path: &std::path::Path) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let story: Story = serde_json::from_str(&text).context("reading the story")?;
    let verdict = play(&Stage::new(None)?, &story);
    println!("{}", told(&verdict));
    if verdict.broken.is_some() { bail!("the story breaks a promise") } else { Ok(()) }
}

fn told(verdict: &Verdict) -> String {
    let mut text = String::new();
    for (n, line) in (1..).zip(&verdict.lines) {
        text.push_str(&format!("{n:4}  {line}\n"));
    }
    let end = verdict.broken.as_deref().unwrap_or("every promise was kept");
    text.push_str(&format!("  →   {end}\n"));
    text
}
