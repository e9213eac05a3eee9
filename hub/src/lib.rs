//! The captain's hub: phones on the same network reach it without the internet.

pub mod certificate;
pub mod rtc;
