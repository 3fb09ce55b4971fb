//! `browser`: one page with a machine that trains in the reader's browser, and the digests of the same training here.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use browser::{Native, named, page};
use clap::Args;
use disk::{Disk, Name};
use experiments::guide::BROWSER;

use crate::page::bind;
use crate::place::root;
use crate::results::Place;
use crate::say;
use crate::status::Usage;

/// What the module is compiled for.
const TARGET: &str = "wasm32-unknown-unknown";
/// What every compiled module begins with.
const MAGIC: &[u8] = b"\0asm";
/// Seeds whose digests the page has, from the one that it opens with.
const SEEDS: u64 = 3;

/// What `browser` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask browser                             then open results/quick/browser.html
  cargo xtask browser --letters XYZ --epochs 200  other letters, with the digests of their native runs

The module is compiled for wasm32-unknown-unknown, whose standard library `rustup target add wasm32-unknown-unknown` brings. \
RUSTC and CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER name another compiler and linker; --module takes what was compiled elsewhere: \
cargo build --release --package browser --lib --target wasm32-unknown-unknown.")]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// The characters that the page opens with, 0 to 9 and A to Z
    #[arg(long, default_value = "ABC")]
    letters: String,
    /// Hidden units
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=500))]
    hidden: u16,
    /// Passes over the letters
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=300))]
    epochs: u16,
    /// The seed of weights, order and noise
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u32,
    /// A compiled module, instead of compiling one
    #[arg(long, value_name = "FILE")]
    module: Option<PathBuf>,
}

/// Writes the page, has the run's index lead to it if there is one, and prints its path.
///
/// # Errors
/// [`Usage`] for letters that nothing draws. If nothing can be compiled here, or a file is no module.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let letters = named(&arguments.letters);
    if letters.is_empty() {
        let told = format!("no letters in {:?}: 0 to 9 and A to Z are drawn", arguments.letters);
        return Err(Usage(told).into());
    }
    let (place, file) = (&arguments.place, Name::new(BROWSER.file)?);
    let folder = place.own()?;
    let path = arguments.module.clone().map_or_else(compiled, Ok)?;
    let module = std::fs::read(&path).with_context(|| path.display().to_string())?;
    if !module.starts_with(MAGIC) {
        bail!(
            "{}: no WebAssembly module: it begins with {:02x?}",
            path.display(),
            &module[..4.min(module.len())]
        );
    }
    let (hidden, epochs, first) =
        (arguments.hidden.into(), arguments.epochs.into(), u64::from(arguments.seed));
    let natives: Vec<Native> =
        (first..first + SEEDS).map(|seed| Native::run(&letters, hidden, epochs, seed)).collect();
    let text = page(&module, &natives);
    Disk::new().write(&folder, &file, text.as_bytes())?;
    bind(place.profile, folder.clone())?;
    say::line(folder.file(&file).display());
    Ok(ExitCode::SUCCESS)
}

/// Compiles the module; its path.
fn compiled() -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(&rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    let asked = asked.with_context(|| format!("cannot start {}", rustc.display()))?;
    if !Path::new(String::from_utf8_lossy(&asked.stdout).trim()).is_dir() {
        bail!(
            "{} has no standard library for {TARGET}: `rustup target add {TARGET}` brings it; a module that was compiled \
             elsewhere is taken with --module FILE",
            rustc.display()
        );
    }
    let folder = root().join("target").join("browser");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(&cargo)
        .args(["build", "--release", "--package", "browser", "--lib", "--target", TARGET, "--target-dir"])
        .arg(&folder)
        .env("CARGO_PROFILE_RELEASE_STRIP", "true")
        .current_dir(root())
        .status();
    if !status.with_context(|| format!("cannot start {}", cargo.display()))?.success() {
        bail!("the crate `browser` does not compile for {TARGET}");
    }
    Ok(folder.join(TARGET).join("release").join("browser.wasm"))
}
