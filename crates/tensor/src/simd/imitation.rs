//! Kernels without the processor's vectors, for tests: arrays of four floats stand in for them, as on a processor that has none with
//! fused multiply-add. Every test of bits can be one of two widths.

use std::cell::Cell;

thread_local! {
    static IMITATING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread does without vectors now.
pub fn imitating() -> bool {
    IMITATING.get()
}

/// Runs a task whose kernels, on this thread, do without vectors.
pub fn without_vectors<T>(task: impl FnOnce() -> T) -> T {
    IMITATING.set(true);
    let result = task();
    IMITATING.set(false);
    result
}
