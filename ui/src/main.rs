//! Starts the interface in the page that loaded it.

fn main() {
    porchlight_ui::start();
}
