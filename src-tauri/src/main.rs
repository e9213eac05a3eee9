//! The program that opens the window on desktops.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]
#![expect(clippy::print_stderr, reason = "without a window there is no other place to say why")]

fn main() -> std::process::ExitCode {
    match porchlight_window::run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Porchlight could not open its window: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
