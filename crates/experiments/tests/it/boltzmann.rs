//! Small parts of the experiments on machines: digits in black and white, weights that stay, parameter counts, own images.

use std::fs;
use std::path::Path;

use experiments::components::job::Components;
use experiments::convergence::job::{STILL, still};
use experiments::data::{Ink, Own};
use experiments::likelihood::binarised::Binarised;
use tempfile::TempDir;
use tensor::Matrix;

use crate::support::{experiment, jobs, plan, settings, standin};
use datasets::idx::{Idx, Values, write};
use engine::Profile;

/// Image `i` is always drawn the same, whatever is asked for beside it, and pixels of full ink are always on.
#[test]
fn digits_that_are_drawn_once_are_always_the_same() {
    let digits = standin().digits().unwrap();
    let all = Binarised::Drawn.spikes(&digits.train, "train", 0..20);
    let later = Binarised::Drawn.spikes(&digits.train, "train", 7..9);
    assert_eq!(later.column(0), all.column(7));
    let test = Binarised::Drawn.spikes(&digits.train, "test", 0..20);
    assert_ne!(test.to_matrix(), all.to_matrix(), "sets of other names have draws of their own");
    for image in 0..20 {
        let grey = digits.train.image(image);
        for (pixel, &level) in grey.iter().enumerate() {
            let on = all.column(image).contains(&(pixel as u32));
            assert!(level != 0 || !on, "paper stays white");
            assert!(level != 255 || on, "full ink stays on");
        }
    }
    let threshold = Binarised::Threshold.spikes(&digits.train, "train", 0..20);
    assert_ne!(threshold.to_matrix(), all.to_matrix());
}

#[test]
fn a_weight_is_still_up_to_a_thousandth() {
    let before = Matrix::zeros(2, 2);
    let after = Matrix::from_vec(2, 2, vec![0.0, STILL, -STILL, 1.01 * STILL]);
    assert_eq!(still(&before, &after), 0.75);
}

/// Four machines of the grid are trained once, and those that chains begin from are two of them.
#[test]
fn chains_share_the_machines_of_the_grid() {
    let grid = plan(experiment("mnist-rbm-grid:ann4"), &settings(Profile::Smoke, &[]));
    let machines: Vec<&str> = grid.iter().map(|point| point.key.as_str()).collect();
    assert_eq!((machines.len(), jobs::<Components>(&grid).len()), (4, 4));
    for chains in ["mnist-rbm-gibbs:ann4", "mnist-rbm-inpainting:ann4"] {
        let points = plan(experiment(chains), &settings(Profile::Smoke, &[]));
        let shared = points.iter().filter(|point| machines.contains(&point.key.as_str())).count();
        assert_eq!((shared, jobs::<Components>(&points).len()), (2, 2), "{chains}");
    }
}

fn save(path: &Path, width: usize, height: usize, level: impl Fn(usize) -> u8) {
    let samples = (0..width * height).map(level).collect();
    let picture = experiments::colours::recolour::Picture::new(
        width,
        height,
        experiments::colours::recolour::Layout::Grey,
        experiments::colours::recolour::Depth::Eight,
        samples,
    );
    fs::write(path, picture.encode()).unwrap();
}

fn refused(path: &Path) -> String {
    format!("{:#}", Own::open(path, Ink::Rarer).err().unwrap_or_else(|| panic!("{} is read", path.display())))
}

/// Black strokes on white paper and white strokes on black are the same images, unless somebody says otherwise.
#[test]
fn the_ink_is_what_covers_less() {
    let [paper, slate] = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    for i in 0..3 {
        let name = format!("{i}.PNG");
        save(&paper.path().join(&name), 5, 4, |p| if p % 5 == i { 10 } else { 255 });
        save(&slate.path().join(&name), 5, 4, |p| if p % 5 == i { 245 } else { 0 });
    }
    fs::write(paper.path().join("notes.txt"), "no picture").unwrap();
    let open = |folder: &TempDir, ink| Own::open(folder.path(), ink).unwrap();
    let [a, b] = [&paper, &slate].map(|folder| open(folder, Ink::Rarer));
    assert_eq!((a.images.len(), a.images.height, a.images.width), (3, 4, 5));
    assert_eq!((&a.images, &a.digest), (&b.images, &b.digest));
    assert_eq!(open(&paper, Ink::Dark).images, a.images);
    assert_ne!(open(&paper, Ink::Light).images, a.images);
}

#[test]
fn what_cannot_be_learnt_from_is_refused_by_name() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert!(refused(folder.path()).contains("expected pictures (PNG, JPEG or WebP), found none"));
    save(&at("a.png"), 5, 4, |_| 0);
    assert!(refused(folder.path()).contains("expected at least two images"), "{}", refused(folder.path()));
    save(&at("b.png"), 6, 4, |_| 0);
    let other = refused(folder.path());
    assert!(other.contains("b.png") && other.contains("5 × 4") && other.contains("found 6 × 4"), "{other}");
    fs::write(at("b.png"), b"no PNG").unwrap();
    assert!(refused(folder.path()).contains("b.png"));
    let idx = |name: &str, dims: &[usize], values: Values| {
        fs::write(at(name), write(&Idx { dims: dims.to_vec(), values })).unwrap();
        refused(&at(name))
    };
    let labels = idx("labels", &[3], Values::U8(vec![0; 3]));
    assert!(labels.contains("expected images, 3 dimensions, found 1 (labels, perhaps)"), "{labels}");
    let floats = idx("floats", &[1, 2, 2], Values::F32(vec![0.0; 4]));
    assert!(floats.contains("images of bytes"), "{floats}");
    let none = idx("none", &[0, 2, 2], Values::U8(vec![]));
    assert!(none.contains("at least two images"), "{none}");
    let empty = idx("empty", &[4, 0, 2], Values::U8(vec![]));
    assert!(empty.contains("2 × 0 pixels"), "{empty}");
    assert!(refused(&at("nothing")).contains("cannot read"));
}

/// As cameras, editors and telephones leave them: other formats, other endings, notes of systems beside them.
#[test]
fn pictures_of_any_format_that_is_read_are_told_by_their_content() {
    use experiments::colours::recolour::{Format, open};
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (i, name) in ["a.png", "b.JPG", "c.webp", "d", "é 雨.jpeg"].into_iter().enumerate() {
        save(&at(name), 8, 8, |p| if p % 8 == i { 250 } else { 0 });
    }
    let as_jpeg = open(&at("b.JPG")).unwrap().encode_as(Format::Jpeg).unwrap().0;
    fs::write(at("b.JPG"), as_jpeg).unwrap();
    fs::write(at("._a.png"), b"\0\x05\x16\x07 notes of a system").unwrap();
    fs::write(at("Thumbs.db"), b"\xd0\xcf\x11\xe0").unwrap();
    fs::create_dir(at("more.png")).unwrap();
    let own = Own::open(folder.path(), Ink::Light).unwrap();
    assert_eq!((own.images.len(), own.notes.len()), (5, 0));
    // In the order of their names; what is called a picture and is damaged is not passed over.
    for (i, image) in own.images.pixels.chunks(64).enumerate() {
        let brightest = (0..8).max_by_key(|&column| image[column]).unwrap();
        assert_eq!(brightest, i);
    }
    fs::write(at("c.webp"), b"RIFF").unwrap();
    assert!(refused(folder.path()).contains("c.webp"), "{}", refused(folder.path()));
}

#[test]
fn an_idx_file_of_images_is_read_as_it_is() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("images");
    let pixels: Vec<u8> = (0..24).map(|p| if p % 3 == 0 { 200 } else { 0 }).collect();
    fs::write(&path, write(&Idx { dims: vec![4, 2, 3], values: Values::U8(pixels.clone()) })).unwrap();
    let own = Own::open(&path, Ink::Rarer).unwrap();
    assert_eq!((own.images.len(), own.images.height, own.images.width), (4, 2, 3));
    assert_eq!(own.images.pixels, pixels);
}
