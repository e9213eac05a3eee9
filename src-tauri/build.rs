//! Defines a permission for each command of the window; `capabilities/` grants exactly these.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&["call", "stage", "save"]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands)) {
        println!("cargo::error={error:#}");
    }
}
