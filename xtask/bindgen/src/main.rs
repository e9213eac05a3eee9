//! `xtask-bindgen INPUT.wasm FOLDER`: writes the module and its JavaScript for browsers.

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [input, folder] = words.as_slice() else { bail!("usage: xtask-bindgen INPUT.wasm FOLDER") };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).web(true)?.typescript(false).remove_name_section(true).remove_producers_section(true);
    bindgen.generate(folder).with_context(|| format!("binding {input}"))
}
