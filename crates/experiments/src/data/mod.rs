//! Where the data are, and how they get here.
//!
//! Looked up in this order: the folder the user names, the environment variable [`ENVIRONMENT`], `data/`; in each also
//! in `mnist` and in torchvision's `MNIST/raw`, gzipped or not. What is missing is downloaded ([`download`]) and kept
//! in `data/`; everything is held against the [`registry`] each time it is read. Without data and network the stand-in
//! is drawn, unless [`Policy::Real`] refuses. A data set that is not asked for is not touched.
//!
//! ```text
//! Options → locate → (download → keep) → inflate → check → parse → Loaded { images, source, digest }
//! ```

mod download;
mod keep;
mod locate;
mod missing;
pub mod registry;
mod verbs;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use datasets::standin::{self, MnistFiles};
use datasets::{Images, alphadigits, gzip, mnist};
use tensor::Seed;

pub use locate::{Located, Origin, in_the_way, places};
pub use missing::Missing;
pub use registry::{Dataset, Entry, Registry, content_digest};
pub use verbs::{Checked, Fetched, Got, State, Whereabouts, fetch, verify, where_is, write_standin};

/// The environment variable that names a folder with data.
pub const ENVIRONMENT: &str = "GLYPHLAB_DATA";

/// The seed of the stand-in: there is one stand-in, not many.
const STANDIN_SEED: u64 = 36;

/// Which data are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// The real ones if they are here or can be downloaded, else the stand-in, saying so.
    #[default]
    Auto,
    /// The real ones, or an error of type [`Missing`].
    Real,
    /// The drawn stand-in.
    Standin,
}

/// Whether the network may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Network {
    /// For what is missing.
    #[default]
    Allowed,
    /// Never.
    Off,
}

/// Whom to tell what happened, one line at a time.
#[derive(Clone)]
pub struct Say(Arc<dyn Fn(&str) + Send + Sync>);

impl Say {
    /// Tells this function.
    pub fn new(listener: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Say(Arc::new(listener))
    }

    fn line(&self, text: &str) {
        (self.0)(text);
    }
}

impl fmt::Debug for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Say")
    }
}

/// What to load, from where, and what is allowed for it.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which data are wanted.
    pub policy: Policy,
    /// Whether the network may be used.
    pub network: Network,
    /// The folder that the user named, searched first.
    pub data_dir: Option<PathBuf>,
    /// The folder that the environment names, searched second.
    pub environment: Option<PathBuf>,
    /// `data/` of the workspace: searched last, and where downloads are kept.
    pub home: PathBuf,
    /// Files, digests, mirrors.
    pub registry: Registry,
    /// How long to wait before the second and before the third attempt at a mirror that failed in passing.
    pub backoff: [Duration; 2],
    /// Whom to tell.
    pub say: Say,
}

impl Options {
    /// The published data sets, the environment as it is, `data/` of this workspace; nobody is told anything.
    pub fn from_environment() -> Self {
        Options {
            policy: Policy::default(),
            network: Network::default(),
            data_dir: None,
            environment: std::env::var_os(ENVIRONMENT).filter(|name| !name.is_empty()).map(PathBuf::from),
            home: locate::workspace_data(),
            registry: Registry::published(),
            backoff: [Duration::from_secs(1), Duration::from_secs(2)],
            say: Say::new(|_| {}),
        }
    }
}

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
    let set = &options.registry.alphadigits;
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
    let set = &options.registry.mnist;
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
struct File {
    located: Located,
    content: Vec<u8>,
}

impl File {
    fn refusal(&self) -> String {
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
    locate::check_files(options, set)?;
    let lacking: Vec<&Entry> =
        set.files.iter().filter(|entry| locate::locate(options, entry).is_none()).collect();
    if !lacking.is_empty() {
        let reasons = download::download(options, set, &lacking)?;
        if !reasons.is_empty() {
            let missing = Missing::new(options, set, reasons);
            if options.policy == Policy::Real {
                return Err(missing.into());
            }
            options.say.line(&missing.standin_line());
            return Ok(None);
        }
    }
    set.files.iter().map(|entry| read(options, entry)).collect::<Result<_>>().map(Some)
}

/// One file, read and inflated; never more of it than the registry's size allows, with room for a rewritten copy.
fn read(options: &Options, entry: &Entry) -> Result<File> {
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

fn drawn_mnist_files() -> MnistFiles {
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
