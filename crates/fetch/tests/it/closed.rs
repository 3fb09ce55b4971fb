//! Places that cannot be looked into: not knowing whether a file is there is not the same as its absence.
#![cfg(unix)]

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use fetch::{Network, Source, State, fetch, load_alphadigits, load_mnist, verify};

use crate::fixture::{ALPHADIGITS, Fixture};

fn offline() -> Fixture {
    let mut fixture = Fixture::new(&[]);
    fixture.options.network = Network::Off;
    fixture
}

/// A folder with other permissions while this lives, so that it can be removed afterwards.
struct Permitted(PathBuf);

impl Permitted {
    fn new(folder: &Path, mode: u32) -> Self {
        std::fs::set_permissions(folder, Permissions::from_mode(mode)).unwrap();
        Self(folder.to_owned())
    }

    /// The administrator enters every folder, and can see nothing of what these tests are about.
    fn is_closed(&self) -> bool {
        self.0.join(".").metadata().is_err()
    }
}

impl Drop for Permitted {
    fn drop(&mut self) {
        std::fs::set_permissions(&self.0, Permissions::from_mode(0o700)).unwrap();
    }
}

/// A folder that is a link to itself cannot be entered by anybody, whoever runs the tests.
#[test]
fn a_place_that_cannot_be_looked_into_is_an_error_and_not_a_stand_in() {
    for named in [true, false] {
        let mut fixture = offline();
        let place = if named { fixture.folder("named") } else { fixture.folder("data") };
        fixture.options.data_dir = named.then(|| place.clone());
        symlink("mnist", place.join("mnist")).unwrap();
        let circle = place.join("mnist").display().to_string();
        for error in [
            load_alphadigits(&fixture.options).map(drop).unwrap_err(),
            load_mnist(&fixture.options).map(drop).unwrap_err(),
            fetch(&fixture.options).map(drop).unwrap_err(),
        ] {
            let error = format!("{error:#}");
            assert!(error.starts_with(&format!("{circle} cannot be entered: ")), "{error}");
        }
        let checked = verify(&fixture.options).unwrap();
        assert!(matches!(&checked[0].state, State::Wrong(why) if why.contains(&circle)), "{checked:?}");
        // What is found before it counts.
        let path = fixture.place(&place, ALPHADIGITS);
        assert_eq!(load_alphadigits(&fixture.options).unwrap().source, Source::Real { path });
        assert!(fixture.said().is_empty());
    }
}

#[test]
fn a_folder_without_permission_is_an_error_that_names_it() {
    for (named, below) in [(true, ""), (true, "mnist"), (false, ""), (false, "mnist")] {
        let mut fixture = offline();
        let place = if named { fixture.folder("named") } else { fixture.folder("data") };
        fixture.options.data_dir = named.then(|| place.clone());
        // Without the separator that joining nothing leaves behind.
        let folder: PathBuf = place.join(below).components().collect();
        fixture.place(&folder, ALPHADIGITS);
        let permitted = Permitted::new(&folder, 0o600);
        if !permitted.is_closed() {
            return;
        }
        let error = format!("{:#}", load_alphadigits(&fixture.options).unwrap_err());
        assert!(error.contains(&folder.display().to_string()), "{error}");
        assert!(error.contains("cannot be entered") && error.contains("ermission denied"), "{error}");
        assert!(error.contains("--data-dir") && fixture.said().is_empty(), "{error}");
    }
}

/// On shared machines folders can often be entered and not listed: files in them are found by name.
#[test]
fn a_folder_that_can_only_be_entered_is_good_enough() {
    let mut fixture = offline();
    let named = fixture.folder("named");
    fixture.options.data_dir = Some(named.clone());
    let path = fixture.place(&named, ALPHADIGITS);
    let _permitted = Permitted::new(&named, 0o100);
    assert_eq!(load_alphadigits(&fixture.options).unwrap().source, Source::Real { path });
}

#[test]
fn a_folder_that_was_typed_wins_over_an_environment_that_cannot_be_entered() {
    let mut fixture = offline();
    let named = fixture.folder("named");
    let circle = named.with_file_name("circle");
    symlink("circle", &circle).unwrap();
    fixture.options.environment = Some(circle);
    let error = format!("{:#}", load_alphadigits(&fixture.options).unwrap_err());
    assert!(error.contains("GLYPHLAB_DATA names") && error.contains("cannot be entered"), "{error}");
    fixture.options.data_dir = Some(named);
    // Found after the environment's folder in the lookup order, which is passed over with one word.
    let path = fixture.place(&fixture.options.home, ALPHADIGITS);
    assert_eq!(load_alphadigits(&fixture.options).unwrap().source, Source::Real { path });
    let [line] = &fixture.said()[..] else { panic!("one line, not {:?}", fixture.said()) };
    assert!(line.contains("--data-dir is used"), "{line}");
}

/// In a file of the name `mnist` no other file can be, and we know it.
#[test]
fn a_file_in_the_place_of_a_folder_holds_no_data() {
    let fixture = offline();
    std::fs::write(fixture.folder("data").join("mnist"), b"a note").unwrap();
    assert_eq!(load_alphadigits(&fixture.options).unwrap().source, Source::Standin);
}

#[test]
fn a_link_that_cannot_be_followed_is_named() {
    let fixture = offline();
    let path = fixture.folder("data").join(ALPHADIGITS);
    symlink(ALPHADIGITS, &path).unwrap();
    let error = format!("{:#}", load_alphadigits(&fixture.options).unwrap_err());
    assert!(error.contains("a link that cannot be followed"), "{error}");
    std::fs::remove_file(&path).unwrap();
    symlink("gone", &path).unwrap();
    let error = format!("{:#}", load_alphadigits(&fixture.options).unwrap_err());
    assert!(error.contains("a link that leads nowhere"), "{error}");
}
