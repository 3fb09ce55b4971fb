//! The check `rows` on whatever bytes a fuzzer makes.

#![no_main]

#[path = "../checks/rows.rs"]
mod rows;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    rows::check(bytes);
});
