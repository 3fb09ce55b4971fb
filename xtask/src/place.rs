//! Where this workspace is, and what the terminal and the machine can do.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::say;

/// Whether progress is drawn as bars: on a terminal that can move its cursor.
pub fn shows_bars() -> bool {
    let dumb =
        std::env::var_os("NO_COLOR").is_some() || std::env::var("TERM").map_or(true, |term| term == "dumb");
    std::io::stderr().is_terminal() && !dumb
}

/// The folder of this workspace: the first one above the current folder that is it, or where the program was built. If
/// neither is there any more, the current folder, and that is said aloud once. Other projects have a folder `xtask` as well.
pub fn root() -> PathBuf {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let here = std::env::current_dir().unwrap_or_default();
        workspace(&here, &Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap_or_else(|| {
            say::note(format_args!(
                "this is not the workspace of glyphlab: what no option names is looked for and written in {}",
                here.display()
            ));
            here
        })
    })
    .clone()
}

/// The workspace that `here` is in, or else that of `built`; none if neither is one.
fn workspace(here: &Path, built: &Path) -> Option<PathBuf> {
    let above = here.ancestors().find(|folder| is_ours(folder)).map(PathBuf::from);
    above.or_else(|| built.canonicalize().ok().filter(|folder| is_ours(folder)))
}

/// The crates that make a workspace this one.
const OURS: [&str; 3] = ["crates/experiments/Cargo.toml", "crates/engine/Cargo.toml", "data/checksums.json"];

fn is_ours(folder: &Path) -> bool {
    let xtask = std::fs::read_to_string(folder.join("xtask/Cargo.toml")).unwrap_or_default();
    xtask.contains("The verbs of glyphlab") && OURS.iter().all(|file| folder.join(file).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_found_from_below_and_by_where_it_was_built() {
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let ours = Some(built.canonicalize().unwrap());
        assert_eq!(
            workspace(&built.join("crates/engine/src").canonicalize().unwrap(), Path::new("/none")),
            ours
        );
        assert_eq!(workspace(Path::new("/"), &built), ours);
    }

    #[test]
    fn another_project_with_such_a_folder_is_not_taken_for_it() {
        let folder = std::env::temp_dir().join(format!("glyphlab-other-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("xtask")).unwrap();
        std::fs::write(folder.join("Cargo.toml"), "[workspace]\n").unwrap();
        std::fs::write(folder.join("xtask/Cargo.toml"), "[package]\nname = \"xtask\"\n").unwrap();
        let found = workspace(&folder.join("xtask"), &folder);
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, None);
    }
}
