//! The check `alphadigits` on whatever bytes a fuzzer makes.

#![no_main]

#[path = "../checks/alphadigits.rs"]
mod alphadigits;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    alphadigits::check(bytes);
});
