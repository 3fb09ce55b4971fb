//! Gzip files: the content has the length that is allowed, and no other limit gives another content.

use std::borrow::Cow;

use datasets::gzip;

/// The most that a file may inflate to here, in bytes.
const LIMIT: usize = 1 << 20;

/// Whether the bytes are a gzip file, or none that needs inflating.
pub fn check(bytes: &[u8]) -> bool {
    match gzip::inflate(bytes, LIMIT, "file") {
        Ok(Cow::Borrowed(same)) => {
            assert!(same == bytes && !gzip::is_gzip(bytes), "what is no gzip file is given back");
            true
        }
        Ok(Cow::Owned(content)) => {
            assert!(gzip::is_gzip(bytes) && content.len() <= LIMIT);
            let again = gzip::inflate(bytes, content.len(), "again").expect("its very length is enough");
            assert_eq!(again, content);
            if let Some(less) = content.len().checked_sub(1) {
                assert!(gzip::inflate(bytes, less, "again").is_err(), "one byte less is not");
            }
            true
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.starts_with("file: byte ") && message.len() < 400, "{message}");
            assert!(!message.contains(char::is_control), "{message:?}");
            false
        }
    }
}
