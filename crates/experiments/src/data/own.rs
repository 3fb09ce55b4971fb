//! Images of the user's own, for machines to learn from: a folder of pictures of one size, or any IDX file of images.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};
use datasets::idx::{self, Values};
use datasets::{Images, Levels};
use engine::digest::sha256;

use crate::colours::recolour;

/// Images of the user's own.
#[derive(Debug)]
pub struct Own {
    /// Ink from 0 (paper) to 255, of every image; labels say nothing.
    pub images: Images,
    /// Digest of sizes and pixels.
    pub digest: String,
    /// What was turned or left out of pictures, a line each with its path.
    pub notes: Vec<String>,
}

/// Which side of the grey levels is ink.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// Whichever covers less of all images together.
    #[default]
    Rarer,
    /// Dark pixels, as on paper.
    Dark,
    /// Light pixels, as MNIST has them.
    Light,
}

/// Pixels of an image, at most: 256 × 256.
const MOST_PIXELS: usize = 1 << 16;
/// Pixels of all images together, at most.
const MOST_IN_ALL: usize = 1 << 30;

impl Own {
    /// Reads the PNGs, JPEGs and WebPs of a folder, by name, or an IDX file of images, gzipped or not.
    ///
    /// # Errors
    /// If there is none; if pictures have different sizes, names both; if one cannot be read or is too large; if an IDX file
    /// holds no images of bytes, or fewer than two of anything are there.
    pub fn open(path: &Path, ink: Ink) -> Result<Self> {
        let about = std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut notes = Vec::new();
        let (pixels, height, width) = if about.is_dir() { folder(path, &mut notes)? } else { file(path)? };
        let size = height * width;
        let count = pixels.len().checked_div(size).unwrap_or(0);
        ensure!(
            (1..=MOST_PIXELS).contains(&size),
            "{}: images of {width} × {height} pixels, expected from 1 to {MOST_PIXELS} pixels each",
            path.display()
        );
        ensure!(count >= 2, "{}: expected at least two images to learn from, found {count}", path.display());
        let mut pixels = pixels;
        if !light(&pixels, ink) {
            pixels.iter_mut().for_each(|p| *p = 255 - *p);
        }
        let digest = sha256(format!("{height} {width} {}", sha256(&pixels)).as_bytes());
        let images = Images {
            pixels,
            height,
            width,
            labels: vec![0; count],
            classes: vec!["own".to_owned()],
            levels: Levels::Grey,
        };
        Ok(Self { images, digest, notes })
    }
}

/// Whether light pixels are the ink.
fn light(pixels: &[u8], ink: Ink) -> bool {
    match ink {
        Ink::Light => true,
        Ink::Dark => false,
        Ink::Rarer => 2 * pixels.iter().filter(|p| **p > 128).count() <= pixels.len(),
    }
}

/// The pictures of a folder, by name: files that begin like one whatever they are called, and those that have the name of
/// one, so that a damaged picture is not passed over. Hidden files are left out: systems keep previews and notes in them.
fn pictures(path: &Path) -> Result<Vec<PathBuf>> {
    let at = || format!("cannot read {}", path.display());
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(path).with_context(at)? {
        let file = entry.with_context(at)?.path();
        let is_hidden = file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !is_hidden && !file.is_dir() && (is_called_a_picture(&file) || begins_like_one(&file)?) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn is_called_a_picture(file: &Path) -> bool {
    let extension = file.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    ["png", "jpg", "jpeg", "webp"].contains(&extension.as_str())
}

fn begins_like_one(file: &Path) -> Result<bool> {
    // Opening a pipe would wait for whoever writes into it.
    if !file.is_file() {
        return Ok(false);
    }
    let mut head = Vec::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(12).read_to_end(&mut head));
    read.with_context(|| format!("cannot read {}", file.display()))?;
    Ok(recolour::begins_like_a_picture(&head))
}

/// Grey levels of all pictures of a folder, with their height and width.
fn folder(path: &Path, notes: &mut Vec<String>) -> Result<(Vec<u8>, usize, usize)> {
    let files = pictures(path)?;
    let Some(first) = files.first().cloned() else {
        bail!("{}: expected pictures (PNG, JPEG or WebP), found none", path.display());
    };
    let (mut pixels, mut size) = (Vec::new(), None);
    for file in &files {
        let recolour::Read { picture, notes: own_notes } = recolour::open_noting(file)?;
        notes.extend(own_notes.into_iter().map(|note| format!("{}: {note}", file.display())));
        let own = (picture.height(), picture.width());
        let (height, width) = *size.get_or_insert(own);
        ensure!(
            own == (height, width),
            "{}: expected {width} × {height} pixels like {}, found {} × {}",
            file.display(),
            first.display(),
            own.1,
            own.0
        );
        ensure!(
            pixels.len() + picture.pixels() <= MOST_IN_ALL,
            "{}: expected at most {MOST_IN_ALL} pixels in all, found more",
            path.display()
        );
        let mut colours = vec![0.0; 3 * picture.pixels()];
        picture.rgb(0..picture.pixels(), &mut colours);
        // Luma of ITU-R BT.709.
        let grey = |c: &[f64]| (255.0 * (0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2])).round() as u8;
        pixels.extend(colours.chunks_exact(3).map(grey));
    }
    let (height, width) = size.expect("there is a first picture");
    Ok((pixels, height, width))
}

/// Grey levels of all images of an IDX file, with their height and width.
fn file(path: &Path) -> Result<(Vec<u8>, usize, usize)> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = path.display().to_string();
    let found = idx::read(&bytes, &name).map_err(|error| anyhow!("{error}"))?;
    let [_, height, width] = found.dims[..] else {
        let what = if found.dims.len() == 1 { " (labels, perhaps)" } else { "" };
        bail!("{name}: expected images, 3 dimensions, found {}{what}", found.dims.len());
    };
    let Values::U8(pixels) = found.values else {
        bail!("{name}: expected images of bytes, element type 0x08, found another");
    };
    Ok((pixels, height, width))
}
