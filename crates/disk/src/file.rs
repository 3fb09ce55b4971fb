//! Opening and reading: regular files alone, no link followed, nothing waited for, never more than was allowed.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Result, ensure};

use crate::calls::{Call, Calls};
use crate::kind::{Kind, if_found};

/// The largest file that is read when nobody gave a limit, in bytes: 4 GiB.
pub const LARGEST: u64 = 4 << 30;

/// Flags with which the system neither follows a link in the last place nor waits for the other end of a pipe:
/// `O_NOFOLLOW | O_NONBLOCK`, which differ between kernels and processors. On a system that is not listed here the
/// look at the file before it is opened has to do.
#[cfg(unix)]
const CAREFUL: i32 = {
    let linux = cfg!(any(target_os = "linux", target_os = "android"));
    let short = cfg!(any(
        target_arch = "aarch64",
        target_arch = "arm",
        target_arch = "powerpc",
        target_arch = "powerpc64",
        target_arch = "m68k"
    ));
    let usual = cfg!(any(
        target_arch = "x86_64",
        target_arch = "x86",
        target_arch = "riscv32",
        target_arch = "riscv64",
        target_arch = "s390x",
        target_arch = "loongarch64"
    ));
    if linux && short {
        0x8000 | 0x800
    } else if linux && usual {
        0x2_0000 | 0x800
    } else if cfg!(any(
        target_vendor = "apple",
        target_os = "freebsd",
        target_os = "netbsd",
        target_os = "openbsd",
        target_os = "dragonfly"
    )) {
        0x100 | 0x4
    } else {
        0
    }
};

/// `FILE_FLAG_OPEN_REPARSE_POINT`: a link is opened itself, and refused for what it is.
#[cfg(windows)]
const CAREFUL: u32 = 0x0020_0000;

/// Adds to `options` that no link is followed and no pipe waited for.
pub(crate) fn carefully(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, CAREFUL);
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::custom_flags(options, CAREFUL);
    options
}

/// Opens a regular file that is there.
///
/// What is no file is never opened: opening alone can rewind a tape or start a watchdog. Between that look and the
/// opening the file may have been exchanged, so what was opened is looked at, too.
pub(crate) fn open(calls: &Calls, path: &Path, options: &mut OpenOptions) -> Result<(File, Metadata)> {
    Kind::at(path)?.expect(Kind::File, path)?;
    let file = calls.make(Call::Open, || carefully(options).open(path))?;
    let about = file.metadata()?;
    Kind::of(about.file_type()).expect(Kind::File, path)?;
    Ok((file, about))
}

/// The bytes of a regular file of at most `limit` bytes.
pub(crate) fn read(calls: &Calls, path: &Path, limit: u64) -> Result<Vec<u8>> {
    let (file, about) = open(calls, path, OpenOptions::new().read(true))?;
    let said = about.len();
    ensure!(said <= limit, "expected at most {limit} bytes, found {said}");
    let mut bytes = Vec::new();
    // Room for all at once, and an error in the place of a crash if there is none.
    bytes
        .try_reserve_exact(usize::try_from(said)?)
        .map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    // It may grow meanwhile.
    let mut file = file.take(limit.saturating_add(1));
    calls.make(Call::Read, || file.read_to_end(&mut bytes))?;
    ensure!(bytes.len() as u64 <= limit, "expected at most {limit} bytes, found more");
    Ok(bytes)
}

/// Whether `path` still names the open `file`: somebody may have removed or exchanged it.
pub(crate) fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let about = file.metadata()?;
    let named = if_found(std::fs::symlink_metadata(path))?;
    Ok(named.is_some_and(|named| same(&about, &named)))
}

#[cfg(unix)]
fn same(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Elsewhere a file that is open keeps its name.
#[cfg(not(unix))]
fn same(_: &Metadata, _: &Metadata) -> bool {
    true
}
