//! Temporary files and folders: names of their own, created exclusively and locked while in use.
//!
//! A name is [`TEMPORARY`], sixteen random letters and digits, and `.part`. Nobody can plant one beforehand, two
//! processes never share one, and a user's own `.tmp-q.png` is not taken for one. Whoever writes one holds a lock on
//! it; a lock ends with its process, so what can be locked is nobody's.

use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile, TempDir};

use crate::calls::{Call, Calls};
use crate::file::is_at;

/// What the names of unfinished files and folders begin with.
pub const TEMPORARY: &str = ".tmp-";

/// What they end with.
const ENDING: &str = ".part";

/// Random letters and digits between the two.
const RANDOM: usize = 16;

/// How many temporaries in a row somebody may sweep between their creation and their lock.
const ATTEMPTS: usize = 16;

/// A temporary file in `folder` that holds `bytes`, on the disk; locked as long as it is open.
pub(crate) fn file_with(calls: &Calls, folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let temporary = exclusive(|| {
        let file = calls.make(Call::Open, || named(&mut Builder::new(), 0o666).tempfile_in(folder))?;
        let ours = lock(file.as_file(), file.path())?;
        Ok(ours.then_some(file))
    })?;
    calls.writing(temporary.as_file()).write_all(bytes)?;
    calls.make(Call::Sync, || temporary.as_file().sync_all())?;
    Ok(temporary)
}

/// An empty temporary folder in `folder`, and the lock on it.
pub(crate) fn folder_in(calls: &Calls, folder: &Path) -> io::Result<(TempDir, Option<File>)> {
    exclusive(|| {
        let make = || named(&mut Builder::new(), 0o777).tempdir_in(folder);
        let temporary = calls.make(Call::MakeFolder, make)?;
        // Some systems cannot open a folder, and nobody sweeps it there either.
        let Ok(handle) = File::open(temporary.path()) else { return Ok(Some((temporary, None))) };
        let ours = lock(&handle, temporary.path())?;
        Ok(ours.then_some((temporary, Some(handle))))
    })
}

/// Form and permissions of ours; as for any new file, the umask takes away from the latter.
fn named<'a>(builder: &'a mut Builder<'static, 'static>, mode: u32) -> &'a mut Builder<'static, 'static> {
    builder.prefix(TEMPORARY).suffix(ENDING).rand_bytes(RANDOM);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    builder
}

/// Makes one until nobody has swept it before it was locked.
fn exclusive<T>(make: impl Fn() -> io::Result<Option<T>>) -> io::Result<T> {
    for _ in 0..ATTEMPTS {
        if let Some(made) = make()? {
            return Ok(made);
        }
    }
    Err(io::Error::other("somebody removes temporary files as fast as they appear"))
}

/// Whether a new temporary is ours now. Where there are no locks its youth protects it.
fn lock(file: &File, path: &Path) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => is_at(file, path),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(_)) => Ok(true),
    }
}

/// Whether a name has the form of ours.
pub(crate) fn is_ours(name: &str) -> bool {
    let random = name.strip_prefix(TEMPORARY).and_then(|rest| rest.strip_suffix(ENDING));
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
