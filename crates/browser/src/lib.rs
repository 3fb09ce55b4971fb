//! The lab's own restricted Boltzmann machine in a browser: the same code, the same bits.
//!
//! [`Session`] trains on a handful of letters, one epoch at a time, with [`energy::binary`] and [`train::epochs`] as every
//! experiment does; on WebAssembly `exports` hands it to scripts, number by number ([`Operation`]). [`page()`] puts the compiled module, a
//! script, and the digests of a native run into one HTML file that needs no network. Both runs end in the bytes of a weights
//! file, and the page compares their SHA-256.
//!
//! No file is opened here and nothing is compiled: `cargo xtask browser` does both.

mod letters;
mod operation;
mod page;
mod session;

#[cfg(target_arch = "wasm32")]
mod exports;

pub use letters::{EXAMPLES, HEIGHT, WIDTH, drawn, named, of_classes};
pub use operation::Operation;
pub use page::{Native, page};
pub use session::{BATCH, RATE, Session, train};
