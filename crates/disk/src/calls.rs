//! The calls of the system behind the operations, one by one, so that a test can let a certain one fail as a system does.
//!
//! An operation such as writing a file is several calls: create a temporary file, write, sync, rename, open the folder,
//! sync it. [`Disk::with_failing_call`](crate::Disk::with_failing_call) makes one of them fail with an error of the system's; a
//! write that fails writes half of its bytes first, as it does on a disk that becomes full. Without that nothing is
//! counted.
//!
//! A call that a signal interrupts is made again, as the standard library does it where it opens, writes and syncs.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the system is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// Open a file or a folder, or create a file.
    Open,
    /// Read a file that is open.
    Read,
    /// List a folder.
    List,
    /// Write into a file that is open.
    Write,
    /// Sync a file or a folder.
    Sync,
    /// Rename a file or a folder.
    Rename,
    /// Create a folder.
    MakeFolder,
    /// Remove a file, or a folder with what is in it.
    Remove,
}

impl Call {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 8] = [
        Self::Open,
        Self::Read,
        Self::List,
        Self::Write,
        Self::Sync,
        Self::Rename,
        Self::MakeFolder,
        Self::Remove,
    ];
}

/// Calls that are counted, and the one that fails.
#[derive(Debug)]
struct Counted {
    /// The number of the call that fails, from 0, and the number of its error.
    fails: (usize, i32),
    made: AtomicUsize,
    of_each: [AtomicUsize; Call::ALL.len()],
}

/// The calls of a disk and of its folders; counted only where a test wants it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls(Option<Arc<Counted>>);

/// Folders are the same whoever counts what they do.
impl PartialEq for Calls {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Calls {}

impl Calls {
    /// Call number `number`, from 0, fails with the system's error `error`.
    pub(crate) fn failing(number: usize, error: i32) -> Self {
        let of_each = std::array::from_fn(|_| AtomicUsize::new(0));
        Self(Some(Arc::new(Counted { fails: (number, error), made: AtomicUsize::new(0), of_each })))
    }

    /// Calls of a kind so far; 0 where nothing is counted.
    pub(crate) fn made(&self, call: Call) -> usize {
        self.0.as_ref().map_or(0, |counted| counted.of_each[call as usize].load(Ordering::Relaxed))
    }

    /// One call, unless it is to fail; once more if a signal interrupted it.
    pub(crate) fn make<T>(&self, call: Call, mut ask: impl FnMut() -> io::Result<T>) -> io::Result<T> {
        loop {
            match self.refuse(call).and_then(|()| ask()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }

    /// A file to be written into.
    pub(crate) fn writing<W: Write>(&self, file: W) -> Writing<'_, W> {
        Writing { calls: self, file }
    }

    fn refuse(&self, call: Call) -> io::Result<()> {
        let Some(counted) = &self.0 else { return Ok(()) };
        counted.of_each[call as usize].fetch_add(1, Ordering::Relaxed);
        let (number, error) = counted.fails;
        match counted.made.fetch_add(1, Ordering::Relaxed) == number {
            true => Err(io::Error::from_raw_os_error(error)),
            false => Ok(()),
        }
    }
}

/// A file that is being written into.
pub(crate) struct Writing<'a, W> {
    calls: &'a Calls,
    file: W,
}

impl<W: Write> Write for Writing<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.calls.refuse(Call::Write) {
            Ok(()) => self.file.write(bytes),
            // A write that was interrupted has written nothing.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.file.write_all(&bytes[..bytes.len() / 2])?;
                Err(error)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
