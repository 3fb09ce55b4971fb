//! `plan --engine`: a file that hands a plan to a scheduler of others.
//!
//! The file starts tasks that take whatever is free, so that no task is longer than it must be, and a drawing after them.
//! Its words stand in `slurm.sh`, `hq.sh` and `parallel.sh`; here they get their numbers:
//!
//! - memory: the largest point's estimate and a quarter, and room for the program;
//! - time: twice what the plan takes by its estimates, from 15 minutes to a day. Who needs more is queued again.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::watch::quoted;
use crate::words::{count, duration};

/// Whom the file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// Slurm: an array, requeued before its time limit, and a dependent drawing
    Slurm,
    /// HyperQueue: an array of tasks, then the drawing
    Hq,
    /// GNU parallel: on this machine, or those of --sshlogin
    Parallel,
}

/// What a scheduler has to know.
pub struct Launch {
    /// This program.
    pub program: PathBuf,
    /// The experiments.
    pub what: Vec<String>,
    /// The options with which they were planned.
    pub options: Vec<String>,
    /// Points to be trained.
    pub points: usize,
    /// Tasks side by side.
    pub tasks: usize,
    /// What they take together, by the estimates.
    pub seconds: f64,
    /// A task's time limit, if the user named one.
    pub minutes: Option<usize>,
    /// What the largest point takes, by its estimate.
    pub bytes: u64,
    /// Cores of a task.
    pub threads: usize,
}

/// Memory of the program itself and of drawing, in MiB.
const PROGRAM: u64 = 512;
/// Least and greatest time limit by estimates, in minutes.
const LIMITS: (f64, f64) = (15.0, 24.0 * 60.0);

impl Launch {
    /// The file.
    pub fn script(&self, engine: Engine) -> String {
        let by_estimate = (self.seconds * 2.0 / 60.0).ceil().clamp(LIMITS.0, LIMITS.1) as usize;
        let minutes = self.minutes.unwrap_or(by_estimate);
        let mebibytes = self.bytes.saturating_add(self.bytes / 4).div_ceil(1 << 20) + PROGRAM;
        let plan = count(self.points, "point");
        let summary = format!("{plan}, about {} in {}", duration(self.seconds), count(self.tasks, "task"));
        let run = self.command("run", &["--threads".to_owned(), self.threads.to_string()]);
        let draw = self.command("draw", &["--complete".to_owned()]);
        let template = match engine {
            Engine::Slurm => include_str!("slurm.sh"),
            Engine::Hq => include_str!("hq.sh"),
            Engine::Parallel => include_str!("parallel.sh"),
        };
        let values = [
            ("summary", summary),
            ("tasks", self.tasks.to_string()),
            ("threads", self.threads.to_string()),
            ("mebibytes", mebibytes.to_string()),
            ("drawing_mebibytes", (2 * PROGRAM).to_string()),
            ("minutes", minutes.to_string()),
            ("limit_seconds", (60 * minutes).to_string()),
            ("parallel_run", quoted(&run)),
            ("run", run),
            ("draw", draw),
        ];
        fill(template, &values)
    }

    /// A verb of this program on the experiments, for a shell.
    fn command(&self, verb: &str, more: &[String]) -> String {
        let program = [self.program.display().to_string(), verb.to_owned()];
        let words = program.iter().chain(&self.what).chain(more).chain(&self.options);
        words.map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }
}

/// Puts values into the places {name}, in one pass: what a value holds is no place. Other braces are the shell's.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let (mut text, mut rest) = (String::new(), template);
    while let Some(brace) = rest.find('{') {
        let inside = &rest[brace + 1..];
        let value = values.iter().find_map(|(name, value)| {
            let after = inside.strip_prefix(name)?.strip_prefix('}')?;
            Some((value, after))
        });
        let (added, after) = value.map_or(("{", inside), |(value, after)| (value.as_str(), after));
        text += &rest[..brace];
        text += added;
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch() -> Launch {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect();
        Launch {
            program: PathBuf::from("/opt/glyph lab/xtask"),
            what: words("alpha-dbn-* report:scratch"),
            options: words("--profile paper --data real --out /shared/results --set rate=0.05"),
            points: 259,
            tasks: 16,
            seconds: 5000.0,
            minutes: None,
            bytes: 2 << 30,
            threads: 2,
        }
    }

    /// Set GLYPHLAB_WRITE_LAUNCH to write what is expected, after a look at it.
    #[test]
    fn the_files_are_as_they_were_looked_at() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/launch/expected");
        for (engine, file) in
            [(Engine::Slurm, "slurm.sh"), (Engine::Hq, "hq.sh"), (Engine::Parallel, "parallel.sh")]
        {
            let path = folder.join(file);
            if std::env::var_os("GLYPHLAB_WRITE_LAUNCH").is_some() {
                std::fs::write(&path, launch().script(engine)).unwrap();
            }
            assert_eq!(launch().script(engine), std::fs::read_to_string(&path).unwrap(), "{file}");
        }
    }

    #[test]
    fn times_and_memory_follow_the_estimates_and_what_was_asked_for() {
        let text = launch().script(Engine::Slurm);
        assert!(text.contains("--mem=3072M") && text.contains("--time=167\n"), "{text}");
        let short = Launch { seconds: 1.0, bytes: 1, ..launch() }.script(Engine::Slurm);
        assert!(short.contains("--mem=513M") && short.contains("--time=15\n"), "{short}");
        let asked = Launch { minutes: Some(7), ..launch() }.script(Engine::Slurm);
        assert!(asked.contains("--time=7\n"), "{asked}");
    }

    /// A name may hold what looks like a place of ours, a quote, or a command.
    #[test]
    fn names_stay_names() {
        let what = vec!["{draw}".to_owned(), "a'b".to_owned(), "$(reboot)".to_owned()];
        let text = Launch { what, ..launch() }.script(Engine::Slurm);
        assert!(text.contains(r"'{draw}' 'a'\''b' '$(reboot)' --threads 2"), "{text}");
    }
}
