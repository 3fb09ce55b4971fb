//! Folders of their own, and this very program as other processes.

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use disk::{Folder, Name};
use tempfile::TempDir;

/// A folder of its own, in memory where the system has one: tests of thousands of syncs need not wait for a disk.
pub fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// A root and what it is the root of.
pub fn root(folder: &TempDir) -> Folder {
    Folder::root(folder.path())
}

pub fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// Names below a folder, in order; what killed writers left shows up in it.
pub fn files(folder: &Folder) -> Vec<String> {
    folder.files().unwrap().into_iter().map(String::from).collect()
}

/// The error as a user sees it.
pub fn message<T: std::fmt::Debug>(result: anyhow::Result<T>) -> String {
    format!("{:#}", result.unwrap_err())
}

/// Where a process that plays a part of a test finds its folder.
const STAGE: &str = "GLYPHLAB_DISK_TEST";

/// The folder of the test that this process plays a part of; none if it was started by hand, as one test of many.
pub fn stage() -> Option<std::path::PathBuf> {
    std::env::var_os(STAGE).map(Into::into)
}

/// This program again, for the one test that plays the part `part` in `folder`, started by `starter`.
pub fn actor(starter: &[&str], part: &str, folder: &Path) -> Command {
    let this = std::env::current_exe().unwrap();
    let mut command = match starter {
        [] => Command::new(this),
        [program, arguments @ ..] => {
            let mut command = Command::new(program);
            command.args(arguments).arg(this);
            command
        }
    };
    command.args(["--exact", part, "--nocapture"]).env(STAGE, folder);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// Held while a process is being started.
static STARTING: RwLock<()> = RwLock::new(());

/// Keeps processes from being started by other tests: until it has become its own program, a new process holds all locks of
/// this one, and what was given back is not free.
pub fn nobody_starts() -> RwLockReadGuard<'static, ()> {
    STARTING.read().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a process.
pub fn started(command: &mut Command) -> std::io::Result<Child> {
    let _starting = STARTING.write().unwrap_or_else(PoisonError::into_inner);
    command.spawn()
}

/// Runs a process to its end.
pub fn ran(command: &mut Command) -> std::io::Result<ExitStatus> {
    started(command)?.wait()
}

/// A process that is killed at the end of the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until something is so; a minute is for a machine that does much else.
pub fn wait_until(so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing happened");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Makes a pipe with a name; false where there is no program for that.
pub fn pipe(path: &Path) -> bool {
    ran(Command::new("mkfifo").arg(path)).is_ok_and(|status| status.success())
}
