//! Converts a device's database to the state of an older version: `porchlight-older FROM TO`.

use anyhow::{Result, bail};
use porchlight_tests::older;
use std::path::Path;

fn main() -> Result<()> {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let [from, to] = words.as_slice() else { bail!("usage: porchlight-older FROM TO") };
    older::write(Path::new(from), Path::new(to))
}
