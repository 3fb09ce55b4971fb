//! `dream`: a machine or a stack on images of the user's own.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::{Args, ValueEnum};
use disk::{Disk, Folder};
use engine::Profile;
use engine::store::Store;
use experiments::data::{Data, Ink, Own};
use experiments::dream::DREAM;

use crate::options::{Common, DataChoice, threads};
use crate::reproduce::carry_out;
use crate::say;
use crate::status::FAILED;
use crate::summary::sum_up;
use crate::watch::interrupted;

/// Notes on single pictures that are shown.
const MOST_NOTES: usize = 8;

/// What `dream` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask dream pictures/                              samples and filters of an RBM
  cargo xtask dream train-images-idx3-ubyte.gz --epochs 5  any IDX file: Fashion-MNIST, Kuzushiji
  cargo xtask dream pictures/ --layers 3 --hidden 300      a deep belief network
  cargo xtask dream pictures/ --inpaint                    and completes their lower halves

Pictures are PNGs, JPEGs or WebPs of one size, of at most 65 536 pixels each; an IDX file holds images of bytes,
gzipped or not. They are learnt in black and white: on where the ink is above 128 of 255. What
covers less of them is taken for the ink; --ink dark or --ink light says otherwise. Interrupted,
the same command goes on; the same command gives the same bytes.")]
pub struct Arguments {
    /// A folder of pictures of one size, or an IDX file of images
    #[arg(value_name = "IMAGES")]
    images: PathBuf,
    /// Where results go: samples, filters, weights, a page
    #[arg(short, long, value_name = "DIR", default_value = "dream")]
    out: PathBuf,
    /// Hidden units of each layer [default: 500]
    #[arg(long, value_name = "N")]
    hidden: Option<String>,
    /// Layers: one is an RBM, more are a deep belief network [default: 1]
    #[arg(long, value_name = "N")]
    layers: Option<String>,
    /// Passes over the images, for each layer [default: 30]
    #[arg(long, value_name = "N")]
    epochs: Option<String>,
    /// Samples in a mini-batch [default: 20]
    #[arg(long, value_name = "N")]
    batch: Option<String>,
    /// Learning rate of contrastive divergence [default: 0.05]
    #[arg(long, value_name = "RATE")]
    rate: Option<String>,
    /// Gibbs steps before an image is drawn [default: 1000]
    #[arg(long, value_name = "N")]
    gibbs: Option<String>,
    /// Images drawn [default: 40]
    #[arg(long, value_name = "N")]
    samples: Option<String>,
    /// Remove so many rows from below, and complete them [default with the option: half of them]
    #[arg(long, value_name = "ROWS", num_args = 0..=1, default_missing_value = "half")]
    inpaint: Option<String>,
    /// Which pixels are ink
    #[arg(long, value_enum, default_value = "rarer")]
    ink: InkChoice,
    /// Threads to use [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<usize>,
    /// Only errors and the final summary
    #[arg(short, long)]
    quiet: bool,
}

/// Which pixels are ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum InkChoice {
    /// Dark ones.
    Dark,
    /// Light ones, as MNIST has them.
    Light,
    /// Those that cover less.
    Rarer,
}

/// Reads, trains, draws.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let begun = Instant::now();
    let ink = match arguments.ink {
        InkChoice::Dark => Ink::Dark,
        InkChoice::Light => Ink::Light,
        InkChoice::Rarer => Ink::Rarer,
    };
    let own = Own::open(&arguments.images, ink)?;
    let (count, height, width) = (own.images.len(), own.images.height, own.images.width);
    say::note(format_args!("{}: {count} images of {width} × {height} pixels", arguments.images.display()));
    own.notes.iter().take(MOST_NOTES).for_each(say::note);
    if let Some(more @ 1..) = own.notes.len().checked_sub(MOST_NOTES) {
        say::note(format_args!("and {more} more such notes"));
    }
    let common = Common {
        profile: Profile::Quick,
        data: DataChoice::Auto,
        data_dir: None,
        offline: true,
        threads: arguments.threads,
        jobs: None,
        repeats: None,
        set: arguments.set(height),
        images: Vec::new(),
        out: Some(arguments.out.clone()),
        checkpoint_every: 15.0,
    };
    let data = Data::default().with_own(own);
    let store = Store::new(Folder::root(arguments.out.clone()), Disk::new());
    let session = common.planned(&[&DREAM], vec![&DREAM.about], data, store)?;
    session.check_memory(&session.everything(), false)?;
    let Some((trained, drawn)) = carry_out(&session, false, arguments.quiet)? else {
        return Ok(interrupted());
    };
    sum_up(&trained, &drawn, begun);
    for study in &session.studies {
        let folder = arguments.out.join(DREAM.about.id).join(study.folder());
        say::line(format_args!("samples: {}", folder.join("samples.png").display()));
    }
    let failed = !trained.failed.is_empty() || !drawn.failed.is_empty();
    Ok(if failed { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}

impl Arguments {
    /// What was asked for, as hyperparameters of the experiment, which says what is wrong with them.
    fn set(&self, height: usize) -> Vec<(String, String)> {
        let inpaint = self.inpaint.as_ref().map(|rows| match rows.as_str() {
            "half" => (height / 2).to_string(),
            rows => rows.to_owned(),
        });
        let asked = [
            ("hidden", &self.hidden),
            ("layers", &self.layers),
            ("epochs", &self.epochs),
            ("batch", &self.batch),
            ("rate", &self.rate),
            ("gibbs", &self.gibbs),
            ("samples", &self.samples),
            ("inpaint", &inpaint),
        ];
        let given = asked.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)));
        given.collect()
    }
}
