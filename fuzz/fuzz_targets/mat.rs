//! The check `mat` on whatever bytes a fuzzer makes.

#![no_main]

#[path = "../checks/mat.rs"]
mod mat;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    mat::check(bytes);
});
