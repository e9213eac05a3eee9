//! A field with bad signal: a network namespace whose loopback is slow and loses packets. If the kernel has `netem`, it
//! does that; otherwise a token bucket slows it down and the packet filter drops packets at random.

use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Sets up the namespace, prints how, and keeps it until its standard input is closed.
const SCRIPT: &str = "
ip link set lo mtu 1500 up
if tc qdisc add dev lo root netem delay 40ms 20ms loss 15% rate 1mbit 2> /dev/null
then echo netem
else
    tc qdisc add dev lo root tbf rate 1mbit burst 16kb latency 300ms
    nft 'table inet field { chain in { type filter hook input priority 0; numgen random mod 100 < 15 drop; }; }'
    echo tbf and nftables
fi
cat > /dev/null
";

/// A network namespace, which exists until this is dropped.
#[derive(Debug)]
pub struct Field {
    leash: Child,
    /// The mechanism that makes its network bad.
    pub by: String,
}

impl Field {
    /// Creates one.
    ///
    /// # Errors
    /// When the system does not permit it, with its output.
    pub fn with_bad_signal() -> Result<Self> {
        let mut leash = Command::new("unshare")
            .args(["--user", "--map-root-user", "--net", "sh", "-ec", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("running unshare")?;
        let mut by = String::new();
        let said = leash.stdout.take().context("no output")?;
        BufReader::new(said).read_line(&mut by)?;
        ensure!(
            !by.is_empty(),
            "no network namespace could be made: `cargo xtask setup` installs iproute2 and nftables, and the kernel must allow user namespaces"
        );
        Ok(Self { leash, by: by.trim().to_owned() })
    }

    /// A command that runs in it.
    #[must_use]
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--preserve-credentials", "--user", "--net", "--target", &self.leash.id().to_string(), "--"]);
        command.arg(program);
        command
    }
}

impl Drop for Field {
    fn drop(&mut self) {
        drop(self.leash.stdin.take());
        drop(self.leash.wait());
    }
}
