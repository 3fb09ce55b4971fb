//! `export`: what is drawn of a run, in the formats of others, beside it in `<out>/<profile>/export/`.

mod arrays;
mod board;
mod notebooks;
mod object;
mod tables;

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use disk::{Disk, Folder, Name};
use engine::section::{drawn, section_in};
use engine::select::select;
use engine::store::Store;
use engine::{Profile, Question};
use experiments::registry;
use report::Section;

use crate::results::Place;
use crate::say;
use crate::status::Usage;
use crate::words::count;

/// In which format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A Jupyter notebook for each experiment: our figures, and the Python that draws them again.
    Notebook,
    /// Event files of each point's learning curves.
    Tensorboard,
    /// Tables and weights as NumPy's .npz.
    Npy,
    /// The run's folder as a research object: ro-crate-metadata.json.
    Crate,
}

/// What `export` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask export notebook                       then: jupyter lab results/quick/export/notebook
  cargo xtask export tensorboard 'mnist-cnn-*'      then: tensorboard --logdir results/quick/export/tensorboard
  cargo xtask export npy alpha-rbm-units:scratch    then: numpy.load(...)
  cargo xtask export crate --profile paper

Files are written to <out>/<profile>/export/FORMAT/, a research object's description to <out>/<profile>/. Notebooks find \
their tables by relative paths: copy the profile's folder as a whole. They need numpy and matplotlib.")]
pub struct Arguments {
    /// The format
    #[arg(value_enum)]
    format: Format,
    /// Ids, id:protocol, globs, or report:SLUG [default: everything drawn]
    #[arg(value_name = "WHAT")]
    what: Vec<String>,
    #[command(flatten)]
    place: Place,
}

/// A finished run, as far as it is asked for.
pub struct Run {
    profile: Profile,
    /// Its points.
    store: Store,
    /// Drawn experiments.
    parts: Vec<(Folder, Section)>,
}

impl Run {
    fn of(arguments: &Arguments) -> Result<Self> {
        let (profile, root) = (arguments.place.profile, arguments.place.own()?);
        let all = registry::catalogue();
        let chosen: Vec<&'static Question> = if arguments.what.is_empty() {
            all
        } else {
            let places = select(&all, &arguments.what).map_err(|unknown| Usage(unknown.to_string()))?;
            places.into_iter().map(|place| all[place]).collect()
        };
        let parts = drawn(&chosen, &root)?
            .into_iter()
            .map(|folder| section_in(&folder).map(|section| (folder, section)))
            .collect::<Result<Vec<_>>>()?;
        if parts.is_empty() {
            bail!("{}: nothing of that is drawn there", root.path().display());
        }
        Ok(Self { profile, store: Store::new(root, Disk::new()), parts })
    }

    fn root(&self) -> &Folder {
        self.store.root()
    }

    /// Writes a file below the folder of a format.
    fn write(&self, format: &str, file: &str, bytes: &[u8]) -> Result<()> {
        let folder = self.root().folder(&Name::new("export")?).folder(&Name::new(format)?);
        self.store.disk().write(&folder, &Name::new(file)?, bytes)
    }
}

/// Writes the files and says how many there are, and where.
///
/// # Errors
/// If nothing is drawn, a file cannot be read, or the disk refuses.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let run = Run::of(arguments)?;
    let (files, place) = match arguments.format {
        Format::Notebook => (notebooks::write(&run)?, "export/notebook"),
        Format::Tensorboard => (board::write(&run)?, "export/tensorboard"),
        Format::Npy => (arrays::write(&run)?, "export/npy"),
        Format::Crate => (object::write(&run)?, export::research::METADATA),
    };
    if files == 0 {
        bail!("{}: there is nothing to write in this format", run.root().path().display());
    }
    say::note(format_args!("{} of {}", count(files, "file"), count(run.parts.len(), "experiment")));
    say::line(run.root().file(&Name::new(place)?).display());
    Ok(ExitCode::SUCCESS)
}
