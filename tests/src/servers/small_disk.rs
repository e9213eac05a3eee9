//! A small disk, which a test can fill to its last page and free again.

use super::{done, is_root};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A disk of a few MiB in its own mount namespace, removed when this is dropped. Mounting needs root: a test that is run
/// by another user calls `sudo`.
#[derive(Debug)]
pub struct SmallDisk {
    leash: Child,
    entry: Vec<String>,
}

impl SmallDisk {
    /// Mounts one over an empty folder, which is created if needed; it belongs to the owner of the parent folder.
    ///
    /// # Errors
    /// When that needs rights that this user has not.
    pub fn mount(folder: &Path, mib: u32) -> Result<Self> {
        let script = "mkdir -p \"$0\"; mount -t tmpfs -o \"size=$1m,mode=700\" none \"$0\"; \
            chown --reference=\"$0/..\" \"$0\"; echo $$; cat > /dev/null";
        let as_root: &[&str] = if is_root()? { &[] } else { &["sudo", "-n"] };
        let words = [as_root, &["unshare", "--mount", "sh", "-ec", script]].concat();
        let mut leash = Command::new(words[0])
            .args(&words[1..])
            .arg(folder)
            .arg(mib.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("running unshare")?;
        let mut target = String::new();
        BufReader::new(leash.stdout.take().context("no output")?).read_line(&mut target)?;
        ensure!(!target.is_empty(), "no small disk could be mounted: that needs root, or sudo without a question");
        let entry = [as_root, &["nsenter", "--mount", "--target", target.trim(), "--"]].concat();
        Ok(Self { leash, entry: entry.into_iter().map(str::to_owned).collect() })
    }

    /// The command prefix that enters the disk's namespace.
    pub(super) fn entry(&self) -> Vec<String> {
        self.entry.clone()
    }

    /// A program that sees the disk, as root.
    #[must_use]
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(&self.entry[0]);
        command.args(&self.entry[1..]).arg(program);
        command
    }

    /// Fills the disk, mounted over `folder`, to its last page, or frees that space again.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn fill(&self, folder: &Path, is_full: bool) -> Result<()> {
        let script = if is_full { "cat /dev/zero > \"$0\" 2> /dev/null || true" } else { "rm \"$0\"" };
        done(self.command("sh".as_ref()).args(["-c", script]).arg(folder.join("filler")))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(self.leash.stdin.take());
        drop(self.leash.wait());
    }
}
