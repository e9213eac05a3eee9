//! Fuzzes `sync_request` of the targets that the ordinary tests replay.
#![no_main]

// Automerge's own panics are caught where its parser is called: the fuzzer's hook must not end the program before.
libfuzzer_sys::fuzz_target!(init: drop(std::panic::take_hook()), |bytes: &[u8]| porchlight_fuzz::targets::sync_request(bytes));
