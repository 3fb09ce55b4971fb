//! Times the workloads and prints one line of JSON for each, as the peers do.
#![allow(clippy::print_stdout)] // a program whose output is data

use anyhow::Result;
use bench::workloads::{CASES, Options, run};
use clap::Parser;

/// Time matrix products, RBM training and Gibbs sampling
#[derive(Parser)]
struct Arguments {
    /// One of: all gemm rbm_cd1 rbm_alpha gibbs
    #[arg(long, default_value = "all")]
    case: String,
    /// Threads for every workload
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Seconds for each variant
    #[arg(long, default_value_t = 3.0)]
    seconds_budget: f64,
    /// Measure only variants whose metric/variant contains this
    #[arg(long, default_value = "")]
    only: String,
    /// Folder with the data sets; without it, noise of the same density is learnt
    #[arg(long)]
    data: Option<std::path::PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let options = Options {
        threads: arguments.threads,
        budget: arguments.seconds_budget,
        only: arguments.only,
        digits: None,
        letters: None,
    };
    for case in CASES.iter().filter(|case| arguments.case == "all" || arguments.case == **case) {
        run(case, &options, &mut |measurement| println!("{}", measurement.json()))?;
    }
    Ok(())
}
