//! The pages of `docs/operations` as tests follow them: the commands of their blocks, run verbatim by a shell.

use crate::relay::program;
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the pages.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations")
}

/// A page's blocks of commands.
#[derive(Debug)]
pub struct Runbook {
    page: String,
    blocks: Vec<String>,
}

impl Runbook {
    /// Reads a page by its name, `restore.md`.
    ///
    /// # Errors
    /// When there is no such page.
    pub fn open(page: &str) -> Result<Self> {
        let text = std::fs::read_to_string(folder().join(page)).with_context(|| format!("reading {page}"))?;
        let (mut blocks, mut block) = (Vec::new(), None::<(usize, String)>);
        for line in text.lines() {
            let plain = line.trim_start();
            match &mut block {
                None if plain == "```sh" => block = Some((line.len() - plain.len(), String::new())),
                Some(_) if plain == "```" => blocks.extend(block.take().map(|(_, block)| block)),
                Some((indent, block)) => {
                    block.push_str(line.get(*indent..).unwrap_or_default());
                    block.push('\n');
                }
                None => {}
            }
        }
        Ok(Self { page: page.to_owned(), blocks })
    }

    /// All its blocks, in order.
    #[must_use]
    pub fn blocks(&self) -> &[String] {
        &self.blocks
    }

    /// The only block that contains some words, with placeholders replaced; each placeholder must occur.
    ///
    /// # Errors
    /// When no block or several contain the words, or a placeholder is missing.
    pub fn block(&self, words: &str, with: &[(&str, &str)]) -> Result<String> {
        let found: Vec<_> = self.blocks.iter().filter(|block| block.contains(words)).collect();
        let [block] = found.as_slice() else { bail!("{} blocks of {} say {words:?}", found.len(), self.page) };
        let mut block = (*block).clone();
        for (word, other) in with {
            ensure!(block.contains(word), "{} does not say {word:?} in:\n{block}", self.page);
            block = block.replace(word, other);
        }
        Ok(block)
    }
}

/// Runs commands in a folder, as at a terminal where the relay's program is installed: what fails there ends a block only where the block
/// says so. Returns their output.
///
/// # Errors
/// When the last of them fails.
pub fn run(commands: &str, folder: &Path, environment: &[(&str, &str)]) -> Result<String> {
    let mut shell = Command::new("bash");
    let own = program("porchlight-relay", "porchlight-relay")?;
    let own = own.parent().context("a program without a folder")?.display();
    shell.env("PATH", format!("{own}:{}", std::env::var("PATH").unwrap_or_default()));
    shell.envs(environment.iter().copied()).current_dir(folder);
    said(shell.args(["-c", commands]), commands)
}

/// The output of a command.
pub(crate) fn said(command: &mut Command, commands: &str) -> Result<String> {
    let output = command.output().context("running a shell")?;
    ensure!(output.status.success(), "{commands}\nsaid: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
