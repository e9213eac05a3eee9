//! Writes an invented town as a voter file, an address file and a street file: `porchlight-town --doors 5000 --seed 1 --out FOLDER`.
#![expect(clippy::print_stdout, reason = "it says what it wrote")]

use anyhow::{Context, Result, bail};
use porchlight_tests::town;
use std::path::PathBuf;

/// The most doors of one town.
const MOST_DOORS: usize = 500_000;

fn main() -> Result<()> {
    let (mut seed, mut n_doors, mut folder) = (1_u64, 5_000_usize, PathBuf::from("target/town"));
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--seed" => seed = value.parse().context("--seed takes a whole number")?,
            "--doors" => n_doors = value.parse().context("--doors takes a whole number")?,
            "--out" => folder = PathBuf::from(value),
            other => bail!("{other} is not known; there are --seed, --doors and --out"),
        }
    }
    if !(1..=MOST_DOORS).contains(&n_doors) {
        bail!("--doors takes 1 to {MOST_DOORS}");
    }
    let town = town::generate(seed, n_doors);
    town.write(&folder).with_context(|| format!("writing into {}", folder.display()))?;
    println!("{} doors and {} rows of voters in {}", town.homes.len(), town.residents.len(), folder.display());
    Ok(())
}
