//! The check `gzip` on whatever bytes a fuzzer makes.

#![no_main]

#[path = "../checks/gzip.rs"]
mod gzip;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    gzip::check(bytes);
});
