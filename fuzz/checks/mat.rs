//! MAT-files: what is read is written in both orders, plain and compressed, and read again as the same.

use datasets::mat::{self, Array, Order, Packing};

/// Whether the bytes are a MAT-file.
pub fn check(bytes: &[u8]) -> bool {
    // A reader that skips what nobody wants sees other parts of a file.
    let _ = mat::read_wanted(bytes, "file", |name| name == "dat");
    match mat::read(bytes, "file") {
        Ok(variables) => {
            let plain = written(&variables);
            for (order, packing) in [(Order::Little, Packing::Compressed), (Order::Big, Packing::Plain)] {
                let file = mat::write(&variables, order, packing);
                let again = mat::read(&file, "again").expect("what was written is read");
                assert_eq!(written(&again), plain, "{order:?}, {packing:?}");
            }
            true
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.starts_with("file: ") && message.len() < 600, "{message}");
            assert!(!message.contains(char::is_control), "{message:?}");
            assert!(message.len() > "file: ".len());
            false
        }
    }
}

/// The bytes in which two lists of arrays are compared: NaN is NaN there.
fn written(variables: &[Array]) -> Vec<u8> {
    mat::write(variables, Order::Little, Packing::Plain)
}
