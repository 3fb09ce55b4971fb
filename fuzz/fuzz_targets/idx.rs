//! The check `idx` on whatever bytes a fuzzer makes.

#![no_main]

#[path = "../checks/idx.rs"]
mod idx;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    idx::check(bytes);
});
