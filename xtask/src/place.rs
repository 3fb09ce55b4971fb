//! Where this workspace is, and what the terminal and the machine can do.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Whether progress is drawn as bars: on a terminal that can move its cursor.
pub fn shows_bars() -> bool {
    let dumb =
        std::env::var_os("NO_COLOR").is_some() || std::env::var("TERM").map_or(true, |term| term == "dumb");
    std::io::stderr().is_terminal() && !dumb
}

/// Cores of the machine that this process may use.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The folder of this workspace: the first one above the current folder that is it, or where the program was built; if
/// neither is there any more, the current folder. Other projects have a folder `xtask` as well.
pub fn root() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let above = here.ancestors().find(|folder| is_ours(folder)).map(PathBuf::from);
    let built = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = built.canonicalize().ok().filter(|folder| is_ours(folder));
    above.or(built).unwrap_or(here)
}

/// The crates that make a workspace this one.
const OURS: [&str; 3] = ["crates/experiments/Cargo.toml", "crates/engine/Cargo.toml", "data/checksums.json"];

fn is_ours(folder: &Path) -> bool {
    let xtask = std::fs::read_to_string(folder.join("xtask/Cargo.toml")).unwrap_or_default();
    xtask.contains("The verbs of glyphlab") && OURS.iter().all(|file| folder.join(file).is_file())
}
