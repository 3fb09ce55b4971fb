//! Exit statuses, and the errors that decide between them.

use std::fmt;

use engine::{BadSetting, Interrupted};

/// Something failed.
pub const FAILED: u8 = 1;
/// The command line makes no sense.
pub const USAGE: u8 = 2;
/// The data are not at hand and cannot be had.
pub const DATA_MISSING: u8 = 3;
/// Stopped on request; the same command goes on.
pub const INTERRUPTED: u8 = 130;

/// A command line that makes no sense.
#[derive(Debug)]
pub struct Usage(pub String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// The exit status of an error.
pub fn of(error: &anyhow::Error) -> u8 {
    if error.is::<Usage>() || error.is::<BadSetting>() {
        USAGE
    } else if error.chain().any(|cause| cause.is::<fetch::Missing>()) {
        DATA_MISSING
    } else if error.is::<Interrupted>() {
        INTERRUPTED
    } else {
        FAILED
    }
}
