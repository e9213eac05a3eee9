//! Fills a running relay with the demo town and prints one invite for each role, with its QR.
//!
//! A second start uses the existing campaign and only makes fresh invites.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use anyhow::{Context, Result};
use porchlight_model::calls::invite::{HandOut, Invite};
use porchlight_model::calls::join::{Join, Session};
use porchlight_model::calls::office::Dashboard;
use porchlight_model::member::Role;
use porchlight_model::relay::MAX_INVITE_MINUTES;
use porchlight_tests::person::Person;
use porchlight_tests::{campaign, progress, town};
use qrcodegen::{QrCode, QrCodeEcc};
use std::path::PathBuf;

/// Doors of the demo town, which has about 11,000 voters.
const N_DOORS: usize = 5_000;
/// Doors in each turf of the demo.
const DOORS_PER_TURF: u32 = 60;
/// Phones that may use one demo link.
const USES: u32 = 20;

/// The command line's arguments.
struct Args {
    /// A founder's invite; needed at the first start.
    founding_link: Option<String>,
    /// Doors of the town.
    n_doors: usize,
    /// Doors in each turf.
    doors_per_turf: u32,
    /// Whether captains and canvassers have already worked in it.
    is_in_progress: bool,
    /// The folder for the demo office's data and the town's files.
    folder: PathBuf,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = args()?;
    std::fs::create_dir_all(&args.folder).with_context(|| format!("making {}", args.folder.display()))?;
    let office = Person::new("Demo office", &args.folder)?;
    if office.ask(Session {}).await?.identity.is_none() {
        let link = args.founding_link.clone().context("--found LINK is needed at the first start")?;
        fill(&office, link, &args).await?;
    } else {
        office.sync().await?;
    }
    print_links(&office).await
}

fn args() -> Result<Args> {
    let mut args = Args {
        founding_link: None,
        n_doors: N_DOORS,
        doors_per_turf: DOORS_PER_TURF,
        is_in_progress: false,
        folder: PathBuf::from("target/demo/office"),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--in-progress" {
            args.is_in_progress = true;
            continue;
        }
        let value = words.next().with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--found" => args.founding_link = Some(value),
            "--doors" => args.n_doors = value.parse().context("--doors wants a number")?,
            "--doors-per-turf" => args.doors_per_turf = value.parse().context("--doors-per-turf wants a number")?,
            "--folder" => args.folder = PathBuf::from(value),
            other => anyhow::bail!(
                "{other} is not known; there are --found LINK, --folder FOLDER, --doors N, --doors-per-turf N and --in-progress"
            ),
        }
    }
    Ok(args)
}

async fn fill(office: &Person, link: String, args: &Args) -> Result<()> {
    let Args { n_doors, doors_per_turf, folder, is_in_progress, .. } = args;
    println!("Making a town of {n_doors} doors, all invented …");
    let name = "Library for Lantern Falls".to_owned();
    town::generate(1, *n_doors).write(folder).context("writing the town")?;
    office.ask(Join { link, name: office.name.clone(), campaign: Some(name) }).await?;
    println!("Importing its voter file, addresses and streets …");
    for file in ["streets.geojson", "addresses.csv", "voters.txt"] {
        office.import(&folder.join(file)).await?;
    }
    campaign::write_script(office).await?;
    println!("Cutting it into turf of about {doors_per_turf} doors …");
    let turfs = campaign::cut(office, *doors_per_turf, "Lantern").await?;
    println!("{} turf are at the relay.", turfs.len());
    if *is_in_progress {
        println!("Playing some days of a campaign in it: captains, canvassers, two waves …");
        progress::play(office, &folder.join("people"), &turfs).await?;
    }
    Ok(())
}

async fn print_links(office: &Person) -> Result<()> {
    let minutes = MAX_INVITE_MINUTES;
    let first = office.ask(Dashboard {}).await?.turfs.first().map(|row| (row.turf, row.name.clone()));
    let (turf, name) = first.context("the demo has no turf")?;
    let canvasser = office.ask(HandOut { turf, uses: USES, minutes }).await?.link;
    let captain = office.ask(Invite { role: Role::Captain, minutes }).await?.link;
    let coordinator = office.ask(Invite { role: Role::Coordinator, minutes }).await?.link;
    for (role, link) in [("coordinator", coordinator), ("captain", captain), ("canvasser", canvasser)] {
        println!("{}", terminal_qr(&link)?);
        println!("{role}\t{link}");
    }
    println!(
        "\nThe canvasser's link hands out {name} to up to {USES} phones: open it twice, in two browsers, to walk it in two."
    );
    Ok(())
}

/// A QR code of half blocks, dark on light, with its quiet zone.
fn terminal_qr(text: &str) -> Result<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low)?;
    let is_dark = |x: i32, y: i32| code.get_module(x, y);
    let mut lines = String::new();
    for y in (-2..code.size() + 2).step_by(2) {
        lines.push_str("\u{1b}[30;47m");
        for x in -2..code.size() + 2 {
            lines.push(match (is_dark(x, y), is_dark(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        lines.push_str("\u{1b}[0m\n");
    }
    Ok(lines)
}
