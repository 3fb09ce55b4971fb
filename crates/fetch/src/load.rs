//! Loads a data set: found or downloaded, inflated, held against its checksums, parsed; or the drawn stand-in.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use datasets::standin::{self, MnistFiles};
use datasets::{Images, alphadigits, gzip, mnist};
use tensor::Seed;

use crate::checksums::{Dataset, Entry, content_digest};
use crate::locate::Located;
use crate::missing::Missing;
use crate::options::{Options, Policy};
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
    match obtain(options, set)? {
        Some(files) => {
            let [file] = &files[..] else {
                bail!("{} is one file, the registry lists {}", set.title, files.len())
            };
            let parse = || alphadigits::parse(&file.content, &file.located.path.display().to_string());
            let loaded = |images: Images, source| {
                let digest = content_digest([&images]);
                Loaded { images, source, digest }
            };
            match set.check(&set.files[0], &file.content) {
                Ok(()) => Ok(loaded(parse()?, Source::Real { path: file.located.path.clone() })),
                Err(wrong) => {
                    let drawn = drawn_alphadigits()?;
                    if options.policy == Policy::Auto && parse().is_ok_and(|images| images == drawn.images) {
                        return Ok(drawn);
                    }
                    Err(wrong).with_context(|| file.refusal())
                }
            }
        }
        None => drawn_alphadigits(),
    }
}

/// MNIST, as the policy asks. AlphaDigits is not touched.
///
/// # Errors
/// [`Missing`] if the policy refuses the stand-in; otherwise what is wrong with a file, or with the disk.
pub fn load_mnist(options: &Options) -> Result<LoadedMnist> {
    let set = &options.checksums.mnist;
    let Some(files) = obtain(options, set)? else { return drawn_mnist() };
    let [train, train_labels, test, test_labels] = &files[..] else {
        bail!("{} is four files, the registry lists {}", set.title, files.len());
    };
    let parse = || -> Result<[Images; 2]> {
        let half = |images: &File, labels: &File| {
            let names = [images, labels].map(|file| file.located.path.display().to_string());
            mnist::parse(&images.content, &names[0], &labels.content, &names[1])
        };
        Ok([half(train, train_labels)?, half(test, test_labels)?])
    };
    for (entry, file) in set.files.iter().zip(&files) {
        if let Err(wrong) = set.check(entry, &file.content) {
            let drawn = drawn_mnist()?;
            let same = |[train, test]: [Images; 2]| train == drawn.train && test == drawn.test;
            if options.policy == Policy::Auto && parse().is_ok_and(same) {
                return Ok(drawn);
            }
            return Err(wrong).with_context(|| file.refusal());
        }
    }
    let source = Source::Real { path: train.located.path.clone() };
    let [train, test] = parse()?;
    let digest = content_digest([&train, &test]);
    Ok(LoadedMnist { train, test, source, digest })
}

/// A file that was found, and its bytes, not compressed.
pub(crate) struct File {
    pub located: Located,
    pub content: Vec<u8>,
}

impl File {
    pub fn refusal(&self) -> String {
        refusal(&self.located)
    }
}

fn refusal(located: &Located) -> String {
    format!("{} is not the published file (move it away to have it downloaded)", located.path.display())
}

/// All files of a data set, downloaded if need be; nothing if the stand-in is to be drawn.
fn obtain(options: &Options, set: &Dataset) -> Result<Option<Vec<File>>> {
    if options.policy == Policy::Standin {
        return Ok(None);
    }
    locate::check_folders(options)?;
    if let (_, Some(missing)) = complete(options, set)? {
        if options.policy == Policy::Real {
            return Err(missing.into());
        }
        options.say.line(&missing.standin_line());
        return Ok(None);
    }
    set.files.iter().map(|entry| read(options, entry)).collect::<Result<_>>().map(Some)
}

/// Downloads what is lacking of a data set; gives what was lacking, and what is missing still.
///
/// # Errors
/// If something else has the name of a file, or one cannot be written.
pub(crate) fn complete<'a>(options: &Options, set: &'a Dataset) -> Result<(Vec<&'a Entry>, Option<Missing>)> {
    locate::check_files(options, set)?;
    let lacking: Vec<&Entry> =
        set.files.iter().filter(|entry| locate::locate(options, entry).is_none()).collect();
    let reasons = if lacking.is_empty() { vec![] } else { download::download(options, set, &lacking)? };
    let missing = (!reasons.is_empty()).then(|| Missing::new(options, set, reasons));
    Ok((lacking, missing))
}

/// One file, read and inflated; never more of it than the registry's size allows, with room for a rewritten copy.
pub(crate) fn read(options: &Options, entry: &Entry) -> Result<File> {
    let located = locate::locate(options, entry).with_context(|| format!("{} has just gone", entry.name))?;
    let path = located.path.display().to_string();
    let limit = entry.bytes + entry.bytes / 4 + 4096;
    let size = std::fs::metadata(&located.path).with_context(|| format!("cannot read {path}"))?.len();
    if size > limit {
        return Err(anyhow!("expected about {} bytes, found {size}", entry.bytes)).context(refusal(&located));
    }
    let bytes = std::fs::read(&located.path).with_context(|| format!("cannot read {path}"))?;
    let content = if gzip::is_gzip(&bytes) {
        let inflated = gzip::inflate(&bytes, usize::try_from(limit)?, &path);
        inflated.with_context(|| refusal(&located))?.into_owned()
    } else {
        bytes
    };
    Ok(File { located, content })
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
