//! Small data sets, registered as if they were the published ones.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use datasets::{alphadigits, standin};
use fetch::{Checksums, Dataset, Entry, Network, Options, Patience, Policy, Say, content_digest};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tensor::Seed;

pub const ALPHADIGITS: &str = "binaryalphadigs.mat";
pub const MNIST: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// An empty `data/`, a registry of two small data sets, and their files.
pub struct Fixture {
    folder: TempDir,
    pub options: Options,
    /// Name on a mirror to bytes on a mirror.
    pub published: BTreeMap<String, Vec<u8>>,
    /// What the store said.
    pub said: Arc<Mutex<Vec<String>>>,
}

impl Fixture {
    /// With these mirrors for both data sets.
    pub fn new(mirrors: &[String]) -> Self {
        let folder = TempDir::new().unwrap();
        let letters = standin::alphadigits(Seed::new(5), 2);
        let digits = standin::mnist(Seed::new(5), 20, 10);
        let images = alphadigits::parse(&letters, ALPHADIGITS).unwrap();
        let mut published = BTreeMap::from([(ALPHADIGITS.to_owned(), letters.clone())]);
        let contents = [digits.train_images, digits.train_labels, digits.test_images, digits.test_labels];
        let mut files = Vec::new();
        for (name, content) in MNIST.into_iter().zip(contents) {
            let packed = gzip(&content);
            files.push(entry(name, &format!("{name}.gz"), &content, &packed));
            published.insert(format!("{name}.gz"), packed);
        }
        let set = |title: &str, inside: &str, content_sha256, files| Dataset {
            title: title.to_owned(),
            folder: inside.to_owned(),
            mirrors: mirrors.to_vec(),
            content_sha256,
            files,
        };
        let letters = vec![entry(ALPHADIGITS, ALPHADIGITS, &letters, &letters)];
        let registry = Checksums {
            alphadigits: set("AlphaDigits", "", Some(content_digest([&images])), letters),
            mnist: set("MNIST", "MNIST/raw", None, files),
        };
        let said = Arc::new(Mutex::new(Vec::new()));
        let listener = Arc::clone(&said);
        let options = Options {
            policy: Policy::Auto,
            network: Network::Allowed,
            data_dir: None,
            environment: None,
            home: folder.path().join("data"),
            checksums: registry,
            backoff: [Duration::ZERO; 2],
            patience: Patience::default(),
            say: Say::new(move |line| listener.lock().unwrap().push(line.to_owned())),
        };
        Fixture { folder, options, published, said }
    }

    /// A folder of this name beside `data/`, made if need be.
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Puts a published file into a folder, under its name on the mirrors.
    pub fn place(&self, folder: &Path, name: &str) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, &self.published[name]).unwrap();
        path
    }

    /// Everything below `data/`, sorted.
    pub fn kept(&self) -> Vec<String> {
        fn walk(folder: &Path, names: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(&path, names) } else { names.push(path.display().to_string()) }
            }
        }
        let mut names = Vec::new();
        walk(&self.options.home, &mut names);
        let home = format!("{}/", self.options.home.display());
        let mut names: Vec<String> = names.iter().map(|name| name.replace(&home, "")).collect();
        names.sort();
        names
    }

    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }
}

fn entry(name: &str, download: &str, content: &[u8], packed: &[u8]) -> Entry {
    let mut sha256 = String::new();
    Sha256::digest(content).iter().for_each(|byte| write!(sha256, "{byte:02x}").unwrap());
    Entry {
        name: name.to_owned(),
        bytes: content.len() as u64,
        sha256,
        download: download.to_owned(),
        download_bytes: packed.len() as u64,
    }
}

/// A gzip file that stores its content in blocks, not compressed.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = content.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        bytes.push(u8::from(blocks.peek().is_none()));
        bytes.extend(length.to_le_bytes());
        bytes.extend((!length).to_le_bytes());
        bytes.extend(block);
    }
    bytes.extend(crc32(content).to_le_bytes());
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |mut crc: u32, &byte| {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
        crc
    })
}
