//! `transfer`: a picture of the user's in the colours of another.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use disk::{Disk, Folder, destination};
use experiments::colours::recolour::{
    Format, MOST_SAMPLES, Method, Recolourer, Recolouring, Status, open_noting,
};
use indicatif::{ProgressBar, ProgressFinish};
use report::number;

use crate::bars::style;
use crate::options::threads;
use crate::place::shows_bars;
use crate::say;
use crate::status::Usage;
use crate::words::{count, duration};

/// What `transfer` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask transfer forest.png autumn.png -o forest-in-autumn.png
  cargo xtask transfer forest.png autumn.png -o softer.png --epsilon 0.01
  cargo xtask transfer forest.png autumn.png -o finer.png --samples 4000 --seed 2

A thousand colours of each picture are joined by optimal transport, exactly or, with --epsilon,
blurred by an entropy: the larger, the closer all colours come to each other. Every pixel of A
then moves as the nearest sampled colour does. Size, alpha and bits stay; grey takes on colour
unless both pictures are grey. Pictures are PNGs of 8 or 16 bits (palettes and fewer bits are
read, too), JPEGs or WebPs, of at most 64 megapixels; they are turned as the camera was held,
and their colour profiles are not looked at. The result is a PNG, or a JPEG if OUT ends in .jpg.
OUT may be A or B: it is written whole or not at all. The same command gives the same bytes.")]
pub struct Arguments {
    /// The picture that gets other colours
    #[arg(value_name = "A")]
    from: PathBuf,
    /// The picture whose colours it gets
    #[arg(value_name = "B")]
    to: PathBuf,
    /// Where the result is written
    #[arg(short, long, value_name = "OUT")]
    out: PathBuf,
    /// Entropic transport with this weight, in squared distances between colours from 0 to 1 [default: exact]
    #[arg(long, value_name = "E", value_parser = weight)]
    epsilon: Option<f64>,
    /// Colours drawn from each picture
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = samples)]
    samples: usize,
    /// Where the draw begins: another number, other colours
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Threads to use [default: all cores]
    #[arg(long, value_name = "T", value_parser = threads)]
    threads: Option<usize>,
    /// Only errors and the final summary
    #[arg(short, long)]
    quiet: bool,
}

fn weight(text: &str) -> Result<f64, String> {
    let parsed = text.parse().ok().filter(|e: &f64| *e > 0.0 && e.is_finite());
    parsed.ok_or_else(|| format!("expected a positive number, found {text:?}"))
}

fn samples(text: &str) -> Result<usize, String> {
    let parsed = text.parse().ok().filter(|n| (1..=MOST_SAMPLES).contains(n));
    parsed.ok_or_else(|| format!("expected a whole number from 1 to {MOST_SAMPLES}, found {text:?}"))
}

/// Reads, plans, recolours, writes; each picture is let go as soon as it is not needed any more.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let place = check_place(&arguments.out)?;
    let begun = Instant::now();
    let teller = Teller::new(arguments.quiet);
    let mut notes = Vec::new();
    let mut read = |path: &Path| {
        teller.doing(&format!("reading {}", path.display()));
        let read = open_noting(path)?;
        teller.say(&format!("{}: {}", path.display(), read.picture));
        notes.extend(read.notes.into_iter().map(|note| format!("{}: {note}", path.display())));
        anyhow::Ok(read.picture)
    };
    let from = read(&arguments.from)?;
    let to = read(&arguments.to)?;
    let method = arguments.epsilon.map_or(Method::Exact, |epsilon| Method::Entropic { epsilon });
    let asked = Recolouring { samples: arguments.samples, method, seed: arguments.seed };
    teller.doing(&format!("planning between {}", count(arguments.samples, "colour")));
    let named = [&arguments.from, &arguments.to].map(|path| path.display().to_string());
    let recolourer = asked.fit_named([&from, &to], [&named[0], &named[1]], &|| false)?;
    drop(to);
    let threads = arguments.threads.unwrap_or_else(engine::limits::processors);
    let result = recolourer.apply(&from, threads, &mut |done, all| teller.recoloured(done, all));
    drop(from);
    teller.doing(&format!("writing {}", arguments.out.display()));
    let disk = Disk::new();
    let (bytes, left_out) = result.encode_as(place.format)?;
    disk.write_user_file(&arguments.out, &bytes)?;
    notes.extend(left_out.into_iter().map(|note| format!("{}: {note}", arguments.out.display())));
    // What killed transfers left there does no harm to the picture.
    let _ = disk.sweep(&Folder::root(place.folder));
    teller.clear();
    say::line(format_args!("{}: {result}", arguments.out.display()));
    say::line(verdict(&recolourer));
    notes.iter().for_each(say::line);
    say::line(format_args!("done in {}", duration(begun.elapsed().as_secs_f64())));
    Ok(ExitCode::SUCCESS)
}

/// Where the picture will be.
struct Place {
    folder: PathBuf,
    format: Format,
}

/// What can be known of the place before anything is read.
fn check_place(out: &Path) -> Result<Place> {
    if out == Path::new("-") {
        let words =
            "--out: expected the name of a file, found - (a picture is not written to standard output)";
        return Err(Usage(words.to_owned()).into());
    }
    let extension = out.extension().unwrap_or("png".as_ref());
    let Some(format) = extension.to_str().and_then(Format::of_extension) else {
        let found = extension.display();
        return Err(Usage(format!("--out: expected a name that ends in .png or .jpg, found .{found}")).into());
    };
    if out.file_name().is_none() {
        bail!("cannot write {}: expected the name of a file, found a folder", out.display());
    }
    let place = destination(out)?;
    let folder = place.parent().unwrap_or(Path::new(""));
    if !folder.as_os_str().is_empty() && !folder.is_dir() {
        bail!("cannot write {}: there is no folder {}", out.display(), folder.display());
    }
    Ok(Place { folder: folder.to_path_buf(), format })
}

/// The transport in one line: its cost, and how good it is.
fn verdict(recolourer: &Recolourer) -> String {
    let [a, b] = [0, 1].map(|side| recolourer.palettes[side].len() / 3);
    let quality = match (recolourer.certificate, recolourer.status) {
        (Some(proof), _) => {
            let violation = number(proof.infeasibility.max(proof.slackness));
            format!("exact: duality gap {}, largest violation {violation}", number(proof.gap))
        }
        (None, Status::Stopped { marginal_error }) => {
            format!("NOT converged: marginal error {}, try a larger --epsilon", number(marginal_error))
        }
        (None, _) => format!("entropic: marginal error {}", number(recolourer.marginal_error)),
    };
    let cost = number(recolourer.cost);
    format!("transport cost {cost} (mean squared distance) between {a} and {b} colours, {quality}")
}

/// A bar on a terminal, a few lines elsewhere, nothing if asked to be quiet.
enum Teller {
    Bar(ProgressBar),
    Lines,
    Quiet,
}

impl Teller {
    fn new(quiet: bool) -> Self {
        if quiet {
            return Self::Quiet;
        }
        if !shows_bars() {
            return Self::Lines;
        }
        let bar = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
        bar.set_style(style("{spinner} {msg}"));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self::Bar(bar)
    }

    /// A step that has no measure.
    fn doing(&self, what: &str) {
        match self {
            Self::Bar(bar) => {
                bar.set_style(style("{spinner} {msg}"));
                bar.set_message(what.to_owned());
            }
            Self::Lines => say::note(what),
            Self::Quiet => {}
        }
    }

    /// Something worth keeping on the screen.
    fn say(&self, line: &str) {
        match self {
            Self::Bar(bar) => bar.suspend(|| say::note(line)),
            Self::Lines => say::note(line),
            Self::Quiet => {}
        }
    }

    fn recoloured(&self, done: usize, all: usize) {
        match self {
            Self::Bar(bar) => {
                if bar.length() != Some(all as u64) {
                    bar.set_style(style("{bar:28.cyan} recolouring  {percent} %, {eta} left"));
                    bar.set_length(all as u64);
                    bar.reset_eta();
                }
                bar.set_position(done as u64);
            }
            Self::Lines if done == all => say::note(format_args!("recoloured {}", count(all, "pixel"))),
            Self::Lines | Self::Quiet => {}
        }
    }

    fn clear(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
