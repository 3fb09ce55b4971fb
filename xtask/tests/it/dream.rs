//! Machines on pictures of users, from the command line.

use std::path::Path;
use std::process::Output;

use experiments::colours::recolour::{Depth, Layout, Picture};

use crate::support::{Folder, code, list, run, save, stderr, stdout};

/// A folder with pictures of bars, 6 × 8 pixels.
fn bars() -> Folder {
    let folder = Folder::new();
    for i in 0..12 {
        let bar = |p: usize| if p % 6 == i % 6 { 0 } else { 255 };
        let picture = Picture::new(6, 8, Layout::Grey, Depth::Eight, (0..48).map(bar).collect());
        save(&picture, &folder.path().join(format!("{i:02}.png")));
    }
    folder
}

fn dream(images: &Path, out: &Path, more: &[&str]) -> Output {
    let [images, out] = [images, out].map(|path| path.display().to_string());
    run(&[&["dream", &images, "-o", &out, "--hidden", "20", "--epochs", "5", "--gibbs", "20"], more].concat())
}

#[test]
fn a_folder_of_pictures_gives_samples_filters_and_weights() {
    let (images, out) = (bars(), Folder::new());
    let output = dream(images.path(), out.path(), &["--inpaint", "--layers", "2"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("12 images of 6 × 8 pixels"), "{}", stderr(&output));
    let text = stdout(&output);
    let drawn =
        text.lines().find_map(|line| line.strip_prefix("samples: ")).expect("says where the samples are");
    let folder = Path::new(drawn).parent().unwrap();
    for file in ["samples.png", "samples.svg", "filters.svg", "completed.png", "loss.svg", "metrics.csv"] {
        assert!(folder.join(file).is_file(), "{file} in {}", list(folder).join(", "));
    }
    assert!(folder.join("weights/layer-0002.safetensors").is_file());
    assert!(out.path().join("index.html").is_file());
    // Typed again, nothing is trained; the bytes stay.
    let bytes = std::fs::read(drawn).unwrap();
    let again = dream(images.path(), out.path(), &["--inpaint", "--layers", "2"]);
    assert!(stderr(&again).contains("0 trained, 4 cached"), "{}", stderr(&again));
    assert_eq!(std::fs::read(drawn).unwrap(), bytes);
}

#[test]
fn what_makes_no_sense_is_refused_before_any_training() {
    let (images, out, empty) = (bars(), Folder::new(), Folder::new());
    for (from, more, wanted) in [
        (empty.path(), &[][..], "found none"),
        (images.path(), &["--hidden", "many"][..], "hidden"),
        (images.path(), &["--inpaint", "8"][..], "expected fewer than the 8 rows"),
        (images.path(), &["--layers", "0"][..], "layers"),
    ] {
        let output = dream(from, out.path(), more);
        assert_ne!(code(&output), 0);
        assert!(stderr(&output).contains(wanted), "{wanted} in {}", stderr(&output));
    }
    assert!(!out.path().join("points").exists());
}
