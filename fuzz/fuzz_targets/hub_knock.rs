//! Fuzzes `hub_knock` of the targets that the ordinary tests replay.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| porchlight_fuzz::targets::hub_knock(bytes));
