//! Hand-made hostile files: each is refused with file name and byte offset, within 80 MiB of memory.
//!
//! The one test is alone in its binary because it measures what the whole process allocates.
#![allow(clippy::unwrap_used)]
// A counting allocator cannot be written otherwise; it forwards to the system's.
#![allow(unsafe_code)]

mod build;
mod idx_files;
mod mat_files;
mod set_files;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use datasets::{DataError, alphadigits, gzip, idx, mat, mnist};

/// What a refusal may allocate at most, the file itself not counted.
const ALLOWED: usize = 80 << 20;
/// What the refusal of a bomb may allocate. Touching new memory is most of what inflating one costs, so that this also
/// says that it is refused soon.
const ALLOWED_FOR_A_BOMB: usize = 1 << 18;

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is forwarded unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(HELD.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Which reader is given the file.
#[derive(Clone, Copy)]
enum Reader {
    Idx,
    Mat,
    AlphaDigits,
    /// The file is MNIST's images; the labels are sound.
    MnistImages,
    /// The file is MNIST's labels; the images are sound.
    MnistLabels,
    /// The file is inflated whole, to at most 60 MiB.
    Gzip,
}

/// A file, a word that the refusal must contain, and what it may allocate.
struct Case {
    what: &'static str,
    reader: Reader,
    bytes: Vec<u8>,
    word: &'static str,
    allowed: usize,
}

fn refusal(reader: Reader, bytes: &[u8], sound: &[Vec<u8>; 2]) -> Result<(), DataError> {
    match reader {
        Reader::Idx => idx::read(bytes, "hostile.bin").map(|_| ()),
        Reader::Mat => mat::read(bytes, "hostile.bin").map(|_| ()),
        Reader::AlphaDigits => alphadigits::parse(bytes, "hostile.bin").map(|_| ()),
        Reader::MnistImages => mnist::parse(bytes, "hostile.bin", &sound[1], "sound").map(|_| ()),
        Reader::MnistLabels => mnist::parse(&sound[0], "sound", bytes, "hostile.bin").map(|_| ()),
        Reader::Gzip => gzip::inflate(bytes, 60 << 20, "hostile.bin").map(|_| ()),
    }
}

#[test]
fn hostile_files_are_refused_by_name_and_offset_within_80_mebibytes() {
    let sound = build::sound_mnist();
    let makers = [idx_files::cases(), mat_files::cases(), set_files::cases()];
    let mut count = 0;
    for make in makers.into_iter().flatten() {
        let Case { what, reader, bytes, word, allowed } = make();
        let before = HELD.load(Relaxed);
        PEAK.store(before, Relaxed);
        let outcome = refusal(reader, &bytes, &sound);
        let peak = PEAK.load(Relaxed) - before;

        let message = outcome.expect_err(what).to_string();
        assert!(message.starts_with("hostile.bin: byte "), "{what}: no name or offset in {message:?}");
        assert!(message.contains(word), "{what}: no {word:?} in {message:?}");
        assert!(message.len() < 400, "{what}: {} letters are no message", message.len());
        assert!(peak < allowed, "{what}: {peak} bytes at once");
        count += 1;
    }
    assert!(count >= 40, "{count} cases");
}
