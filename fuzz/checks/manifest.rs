//! Manifests: what is read is written and read again as the same, and no name in it leaves its folder.

use std::path::{Component, Path};

use engine::canonical;
use engine::store::Manifest;

/// Whether the bytes are a manifest.
pub fn check(bytes: &[u8]) -> bool {
    match canonical::read::<Manifest>(bytes) {
        Ok(manifest) => {
            let written = canonical::pretty(&manifest);
            let again: Manifest = canonical::read(written.as_bytes()).expect("what was written is read");
            assert_eq!(canonical::pretty(&again), written);
            assert_eq!(again.artefacts, manifest.artefacts);
            assert_eq!((again.key, again.needs), (manifest.key.clone(), manifest.needs));
            assert!(stays(manifest.key.as_str()), "{}", manifest.key);
            for (name, artefact) in &manifest.artefacts {
                assert!(stays(name.as_str()), "{name:?}");
                assert!(!artefact.to_string().contains(char::is_control), "{artefact:?}");
            }
            true
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.contains("line ") && message.contains("column "), "{message}");
            assert!(!message.contains(char::is_control), "{message:?}");
            false
        }
    }
}

/// Whether a path consists of plain names.
fn stays(name: &str) -> bool {
    let mut components = Path::new(name).components();
    !name.is_empty() && components.all(|component| matches!(component, Component::Normal(_)))
}
