//! Colour transfer between pictures of users, as an experiment with a page.

use std::path::Path;
use std::process::Output;

use experiments::colours::recolour::{Depth, Layout, Picture, open};

use crate::support::{Folder, code, list, run, save, stderr};

/// Writes a picture of `width × height` with a gradient that begins at `first`.
fn write(folder: &Folder, name: &str, (width, height): (usize, usize), layout: Layout, first: f64) {
    let mut picture = Picture::black(width, height, layout, Depth::Eight);
    let colours =
        (0..3 * width * height).map(|k| (first + 0.7 * k as f64 / (3 * width * height) as f64) % 1.0);
    picture.set_rgb(0, &colours.collect::<Vec<_>>());
    save(&picture, &folder.path().join(name));
}

fn reproduce(folder: &Path, what: &str, more: &[&str]) -> Output {
    let [a, b, out] = ["a.png", "b.png", "out"].map(|name| folder.join(name).display().to_string());
    run(&[&["reproduce", what, "--profile", "smoke", "--out", &out, "--images", &a, &b], more].concat())
}

#[test]
fn two_pictures_get_a_folder_of_their_own_with_the_results_in_full_size() {
    let folder = Folder::new();
    write(&folder, "a.png", (500, 30), Layout::Rgb, 0.0);
    write(&folder, "b.png", (40, 20), Layout::Rgba, 0.3);
    let output = reproduce(folder.path(), "ot-colour-transfer", &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let experiment = folder.path().join("out/smoke/ot-colour-transfer");
    let drawn = list(&experiment);
    let result = drawn.iter().find(|name| name.ends_with("/a-exact.png")).unwrap();
    assert!(result.starts_with("ann4+images="), "{result}");
    let result = open(&experiment.join(result)).unwrap();
    assert_eq!((result.width(), result.height(), result.layout()), (500, 30, Layout::Rgb));
    // Other pictures under the same names are other results.
    write(&folder, "b.png", (40, 20), Layout::Rgba, 0.4);
    assert_eq!(code(&reproduce(folder.path(), "ot-colour-transfer", &[])), 0);
    let folders = std::fs::read_dir(&experiment).unwrap().count();
    assert_eq!(folders, 2);
}

#[test]
fn a_picture_of_one_pixel_and_a_grey_one_are_pictures_too() {
    let folder = Folder::new();
    write(&folder, "a.png", (1, 1), Layout::Grey, 0.2);
    write(&folder, "b.png", (9, 700), Layout::GreyAlpha, 0.1);
    let output = reproduce(folder.path(), "ot-colour-transfer", &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(!stderr(&output).contains("cannot draw"), "{}", stderr(&output));
}

#[test]
fn pictures_that_nobody_takes_or_that_are_none_are_clear_errors() {
    let folder = Folder::new();
    write(&folder, "a.png", (3, 3), Layout::Rgb, 0.2);
    std::fs::write(folder.path().join("b.png"), b"no picture").unwrap();
    let output = reproduce(folder.path(), "ot-desserts", &[]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("ot-desserts:ann4 takes no pictures"), "{}", stderr(&output));
    let output = reproduce(folder.path(), "ot-colour-transfer", &[]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("b.png"), "{}", stderr(&output));
    let output = reproduce(folder.path(), "ot-colour-transfer", &["--set", "pictures=abc"]);
    assert_eq!(code(&output), 2);
    assert!(!folder.path().join("out").exists(), "nothing was written");
}
