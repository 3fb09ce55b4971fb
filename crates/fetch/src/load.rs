//! Loads a data set: found or downloaded, inflated, held against its checksums, parsed; or the drawn stand-in.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use datasets::standin::{self, MnistFiles};
use datasets::{Images, alphadigits, mnist};
use tensor::Seed;

use crate::checksums::{Dataset, Entry, content_digest};
use crate::missing::Missing;
use crate::options::{Options, Policy};
use crate::search::{File, Found, search};
use crate::{download, locate};

/// The seed of the stand-in: there is one stand-in, not many.
pub(crate) const STANDIN_SEED: u64 = 36;

/// Where images come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Published data.
    Real {
        /// The file, or the first of them.
        path: PathBuf,
    },
    /// Drawn.
    Standin,
}

/// AlphaDigits, or its stand-in.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// 36 classes of 39 binary images of 20 × 16.
    pub images: Images,
    /// Where they come from.
    pub source: Source,
    /// SHA-256 of their canonical bytes.
    pub digest: String,
}

/// MNIST, or its stand-in.
#[derive(Debug, Clone)]
pub struct LoadedMnist {
    /// Training images, 28 × 28, grey.
    pub train: Images,
    /// Test images.
    pub test: Images,
    /// Where they come from.
    pub source: Source,
    /// SHA-256 of the canonical bytes of both.
    pub digest: String,
}

/// AlphaDigits, as the policy asks. MNIST is not touched.
///
/// # Errors
/// [`Missing`] if the policy refuses the stand-in; otherwise what is wrong with a file, or with the disk.
pub fn load_alphadigits(options: &Options) -> Result<Loaded> {
    let set = &options.checksums.alphadigits;
    let Some(found) = obtain(options, set)? else { return drawn_alphadigits() };
    let [found] = &found[..] else { bail!("{} is one file, the registry lists {}", set.title, found.len()) };
    match found {
        Found::Sound(file) => {
            let path = file.located.path.clone();
            let images = match &file.relaid {
                Some(reading) => reading.images.clone(),
                None => alphadigits::parse(&file.content, &path.display().to_string())?,
            };
            let digest = content_digest([&images]);
            Ok(Loaded { images, source: Source::Real { path }, digest })
        }
        Found::Wrong(wrong) => {
            let drawn = drawn_alphadigits()?;
            let same = |file: &File| {
                alphadigits::parse(&file.content, "").is_ok_and(|images| images == drawn.images)
            };
            if options.policy == Policy::Auto && wrong.file.as_ref().is_some_and(same) {
                return Ok(drawn);
            }
            Err(anyhow!(wrong.why.clone()))
        }
    }
}

/// MNIST, as the policy asks. AlphaDigits is not touched.
///
/// # Errors
/// [`Missing`] if the policy refuses the stand-in; otherwise what is wrong with a file, or with the disk.
pub fn load_mnist(options: &Options) -> Result<LoadedMnist> {
    let set = &options.checksums.mnist;
    let Some(found) = obtain(options, set)? else { return drawn_mnist() };
    let files: Vec<&File> = found.iter().filter_map(Found::file).collect();
    let parse = || -> Result<[Images; 2]> {
        let [train, train_labels, test, test_labels] = &files[..] else {
            bail!("{} is four files, found {}", set.title, files.len());
        };
        let half = |images: &File, labels: &File| {
            let names = [images, labels].map(|file| file.located.path.display().to_string());
            mnist::parse(&images.content, &names[0], &labels.content, &names[1])
        };
        Ok([half(train, train_labels)?, half(test, test_labels)?])
    };
    if let Some(wrong) = found.iter().find_map(Found::wrong) {
        let drawn = drawn_mnist()?;
        let same = |[train, test]: [Images; 2]| train == drawn.train && test == drawn.test;
        if options.policy == Policy::Auto && parse().is_ok_and(same) {
            return Ok(drawn);
        }
        return Err(anyhow!(wrong.why.clone()));
    }
    let [train, test] = parse()?;
    let source = Source::Real { path: files[0].located.path.clone() };
    let digest = content_digest([&train, &test]);
    Ok(LoadedMnist { train, test, source, digest })
}

/// All files of a data set, downloaded if need be; nothing if the stand-in is to be drawn.
fn obtain(options: &Options, set: &Dataset) -> Result<Option<Vec<Found>>> {
    if options.policy == Policy::Standin {
        return Ok(None);
    }
    locate::check_folders(options)?;
    let mut found: Vec<Option<Found>> = set.files.iter().map(|entry| search(options, set, entry)).collect();
    let lacking: Vec<&Entry> =
        set.files.iter().zip(&found).filter(|(_, f)| f.is_none()).map(|(e, _)| e).collect();
    if !lacking.is_empty() {
        // Neither the stand-in nor a download takes the place of what is there.
        if let Some(wrong) = found.iter().flatten().find_map(Found::wrong) {
            bail!(wrong.why.clone());
        }
        let reasons = download::download(options, set, &lacking)?;
        for (entry, found) in set.files.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            *found = search(options, set, entry);
        }
        if !reasons.is_empty() {
            let missing = Missing::new(options, set, &found, reasons);
            if options.policy == Policy::Real {
                return Err(missing.into());
            }
            options.say.line(&missing.standin_line());
            return Ok(None);
        }
    }
    let whole = |(entry, found): (&Entry, Option<Found>)| {
        found.with_context(|| format!("{} has just gone", entry.name))
    };
    set.files.iter().zip(found).map(whole).collect::<Result<_>>().map(Some)
}

fn drawn_alphadigits() -> Result<Loaded> {
    let bytes = standin::alphadigits(Seed::new(STANDIN_SEED), standin::PER_CLASS);
    let images = alphadigits::parse(&bytes, "the drawn stand-in")?;
    let digest = content_digest([&images]);
    Ok(Loaded { images, source: Source::Standin, digest })
}

pub(crate) fn drawn_mnist_files() -> MnistFiles {
    standin::mnist(Seed::new(STANDIN_SEED), standin::N_TRAIN, standin::N_TEST)
}

fn drawn_mnist() -> Result<LoadedMnist> {
    let files = drawn_mnist_files();
    let name = "the drawn stand-in";
    let train = mnist::parse(&files.train_images, name, &files.train_labels, name)?;
    let test = mnist::parse(&files.test_images, name, &files.test_labels, name)?;
    let digest = content_digest([&train, &test]);
    Ok(LoadedMnist { train, test, source: Source::Standin, digest })
}
