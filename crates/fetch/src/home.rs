//! The folder `data/` of this workspace: searched last, and where downloads are kept.

use std::path::{Path, PathBuf};

/// `data/` of the workspace that this program was built from, or of the current folder if that has moved away.
pub(crate) fn workspace_data() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match built.canonicalize() {
        Ok(workspace) if workspace.join("Cargo.toml").is_file() => workspace.join("data"),
        _ => PathBuf::from("data"),
    }
}
