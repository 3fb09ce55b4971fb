//! IDX files: what is read is written again byte for byte, and what is refused is refused by name and place.

use datasets::{idx, mnist};

/// Whether the bytes are an IDX file.
pub fn check(bytes: &[u8]) -> bool {
    // MNIST's reader sees the same files, as images and as labels.
    let _ = mnist::parse(bytes, "images", bytes, "labels");
    match idx::read(bytes, "file") {
        Ok(read) => {
            assert_eq!(read.dims.iter().product::<usize>(), read.values.len());
            let written = idx::write(&read);
            let again = idx::read(&written, "again").expect("what was written is read");
            assert_eq!(idx::write(&again), written, "NaN and all");
            assert_eq!(again.dims, read.dims);
            assert!(bytes.starts_with(&[0x1f, 0x8b]) || written == bytes, "a plain file has one form");
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
