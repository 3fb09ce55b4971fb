//! Ours and the peer's programs in turns: one process for each metric and round, so that both meet the same machine.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::boltzmann::{CHAINS, WAYS_SHAPE};
use crate::deep::{GAMES, VAE};
use crate::images::{AUTOENCODER, CONVOLVING};
use crate::machine::wait_idle;
use crate::names::{chains_metric, digits_metric, letters_metric, product_metric};
use crate::plans::{MAPS, PLANS};
use crate::run::{CASES, DIGIT_SHAPES, LETTER_SHAPES, NETS, PRODUCTS, TRANSPORT};
use crate::table::{Line, Side, Table, parse};

/// A batch up to this is small: one thread is best for us, and for the peer one or all.
const SMALL_BATCH: usize = 32;

/// What to compare, and how long.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Of [`CASES`].
    pub cases: Vec<String>,
    /// Threads where the work is large enough for more than one.
    pub threads: usize,
    /// The Python of the peers; only ours is measured without.
    pub python: Option<String>,
    /// A script that takes the place of [`own_peer`] for all cases.
    pub script: Option<PathBuf>,
    /// Folder with the data sets.
    pub data: Option<PathBuf>,
    /// Seconds for each variant in each round.
    pub budget: f64,
    /// Times that everything is measured.
    pub rounds: usize,
    /// Longest wait for an idle machine before each process, in seconds.
    pub idle: f64,
}

/// One metric, and the numbers of threads on which each side measures it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Of [`CASES`].
    pub case: &'static str,
    /// What `--only` gets.
    pub only: String,
    /// Our threads.
    pub ours: usize,
    /// The peer's; its best counts. Empty if it has no such metric.
    pub peer: Vec<usize>,
}

/// The jobs of a case when `threads` are to be had.
pub fn jobs(case: &str, threads: usize) -> Vec<Job> {
    let job = |case, metric: String, small: bool| {
        let ours = if small { 1 } else { threads };
        let peer = if small && threads > 1 { vec![1, threads] } else { vec![ours] };
        Job { case, only: metric + "/", ours, peer }
    };
    // All of ours runs on one thread. Of the peer's, products with matrices may gain or lose by several.
    let moving = |case, only| {
        let peer = if case == "sinkhorn" && threads > 1 { vec![1, threads] } else { vec![threads] };
        Job { case, only, ours: 1, peer }
    };
    let alone = |case| vec![Job { case, only: String::new(), ours: 1, peer: Vec::new() }];
    match case {
        "gemm" => PRODUCTS
            .iter()
            .map(|&sizes| job("gemm", product_metric(sizes), sizes[0] <= SMALL_BATCH))
            .collect(),
        "rbm_cd1" => DIGIT_SHAPES
            .iter()
            .map(|&shape| job("rbm_cd1", digits_metric(shape), shape.batch <= SMALL_BATCH))
            .collect(),
        "rbm_alpha" => LETTER_SHAPES
            .iter()
            .map(|&(shape, count)| job("rbm_alpha", letters_metric(shape, count), shape.batch <= SMALL_BATCH))
            .collect(),
        "rbm_ways" => vec![job("rbm_ways", digits_metric(WAYS_SHAPE), false)],
        "gibbs" => vec![job("gibbs", chains_metric(CHAINS), false)],
        "ais" => vec![job("ais", chains_metric(CHAINS), false)],
        "dnn" => NETS
            .iter()
            .map(|(net, metric, _)| job("dnn", (*metric).to_owned(), net.batch <= SMALL_BATCH))
            .collect(),
        "sdae" => vec![job("sdae", AUTOENCODER.4.to_owned(), false)],
        "vae" => vec![job("vae", VAE.3.to_owned(), false)],
        "gan" | "wgan" => GAMES
            .iter()
            .filter(|game| game.case == case)
            .map(|game| job(game.case, game.metric.to_owned(), false))
            .collect(),
        "cnn" => CONVOLVING.iter().map(|(metric, ..)| job("cnn", (*metric).to_owned(), false)).collect(),
        "emd" | "sinkhorn" => PLANS
            .iter()
            .filter(|plan| plan.0 == case)
            .map(|(case, metric, variant)| moving(case, format!("{metric}/{variant}")))
            .collect(),
        // A map is fitted before it is applied: both in one process.
        "transfer" => MAPS.iter().map(|map| moving("transfer", format!("/{map}"))).collect(),
        "side-by-side" => alone("side-by-side"),
        "kernels" => alone("kernels"),
        _ => Vec::new(),
    }
}

/// Measures round after round and collects the table; `say` hears what is going on.
///
/// # Errors
/// If there is no such case, Python cannot be started, or our own program fails. A peer that fails leaves its cells empty.
pub fn compare(comparison: &Comparison, say: &mut dyn FnMut(&str)) -> Result<Table> {
    let mut all = Vec::new();
    for case in &comparison.cases {
        if !CASES.contains(&case.as_str()) {
            bail!("expected one of {}, found {case}", CASES.join(", "));
        }
        all.extend(jobs(case, comparison.threads));
    }
    if let Some(python) = &comparison.python {
        let started = Command::new(python).arg("--version").stdout(Stdio::null()).status();
        started.with_context(|| format!("cannot start {python}"))?;
    }
    let ours = std::env::current_exe().context("cannot find this program again")?;
    let ours = vec![ours.display().to_string()];
    let mut table = Table::default();
    for round in 1..=comparison.rounds {
        for job in &all {
            let mut measure = |side, name: &str, program: &[String], threads| -> Result<()> {
                let (case, rounds) = (job.case, comparison.rounds);
                let (only, plural) = (job.only.trim_matches('/'), if threads == 1 { "" } else { "s" });
                say(&format!("round {round} of {rounds}: {case} {only}, {name} on {threads} thread{plural}"));
                wait_idle(comparison.idle);
                let lines = child(program, job, threads, comparison)?;
                lines.iter().for_each(|line| table.add(side, line));
                Ok(())
            };
            measure(Side::Ours, "glyphlab", &ours, job.ours)?;
            let Some(python) = &comparison.python else { continue };
            let script = comparison.script.clone().unwrap_or_else(|| own_peer(job.case));
            let program = &[python.clone(), script.display().to_string()];
            let failed =
                job.peer.iter().find_map(|&threads| measure(Side::Peer, "peer", program, threads).err());
            if let Some(error) = failed {
                // What was measured so far is worth its table.
                say(&format!("no number of the peer: {error:#}"));
            }
        }
    }
    Ok(table)
}

fn child(program: &[String], job: &Job, threads: usize, comparison: &Comparison) -> Result<Vec<Line>> {
    let (name, first) = program.split_first().context("a program has a name")?;
    let mut command = Command::new(name);
    command.args(first).args(["--case", job.case, "--threads", &threads.to_string()]);
    command.args(["--seconds-budget", &comparison.budget.to_string()]);
    if !job.only.is_empty() {
        command.args(["--only", &job.only]);
    }
    if let Some(data) = &comparison.data {
        command.arg("--data").arg(data);
    }
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!("{} ended with {}", program.join(" "), output.status);
    }
    parse(&String::from_utf8_lossy(&output.stdout))
}

/// The peer for a case that comes with the workspace: POT for transport, PyTorch for machines, for networks, for deep generators, and for everything
/// else.
pub fn own_peer(case: &str) -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let script = match case {
        "dnn" | "cnn" | "sdae" => "torch_networks.py",
        "vae" | "gan" | "wgan" => "torch_deep.py",
        _ if TRANSPORT.1.contains(&case) => "pot_cpu.py",
        _ => "torch_cpu.py",
    };
    crates.with_file_name("tools/peers").join(script)
}
