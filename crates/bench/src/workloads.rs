//! The workloads: matrix products, RBM training, Gibbs sampling.

use anyhow::{Result, bail};
use datasets::Images;
use energy::fast::{CdOptions, FastCd, FastChains, Input};
use energy::{Rbm, VisibleState};
use tensor::binary::Spikes;
use tensor::{Accum, Matrix, Seed, gemm};
use train::Trainee;

use crate::timing::{Measure, Measurement, repeat};

/// The groups of workloads.
pub const CASES: [&str; 4] = ["gemm", "rbm_cd1", "rbm_alpha", "gibbs"];

/// What a run needs to know.
pub struct Options {
    /// Threads for every workload.
    pub threads: usize,
    /// Seconds for each variant.
    pub budget: f64,
    /// Only variants whose `metric/variant` contains this.
    pub only: String,
    /// Binary MNIST digits; drawn noise of the same density where absent.
    pub digits: Option<Images>,
    /// Binary letters.
    pub letters: Option<Images>,
}

impl Options {
    fn wants(&self, metric: &str, variant: &str) -> bool {
        format!("{metric}/{variant}").contains(&self.only)
    }
}

/// Runs one case and hands every measurement over as it is made.
///
/// # Errors
/// If there is no such case, or a thread pool cannot be made.
pub fn run(case: &str, options: &Options, report: &mut dyn FnMut(&Measurement)) -> Result<()> {
    match case {
        "gemm" => products(options, report),
        "rbm_cd1" => {
            let digits = options.digits.as_ref().map(|images| spikes(images, 10_000.min(images.len())));
            for (visible, hidden, batch) in
                [(784, 500, 128), (784, 1200, 512), (784, 200, 5), (784, 300, 128)]
            {
                let data = digits.clone().unwrap_or_else(|| noise(visible, 10_000, 0.13));
                training(
                    "rbm_cd1",
                    format!("{visible}x{hidden}-b{batch}"),
                    data,
                    hidden,
                    batch,
                    options,
                    report,
                );
            }
            Ok(())
        }
        "rbm_alpha" => {
            for (hidden, batch, count) in [(500, 5, 39), (100, 32, 390)] {
                let letters = options.letters.as_ref().filter(|images| images.len() >= 390 + count);
                let data = letters.map_or_else(
                    || noise(320, count, 0.35),
                    |images| Spikes::from_matrix(&images.to_matrix(&(390..390 + count).collect::<Vec<_>>())),
                );
                let metric = format!("320x{hidden}-b{batch}-n{count}");
                training("rbm_alpha", metric, data, hidden, batch, options, report);
            }
            Ok(())
        }
        "gibbs" => {
            sampling(options, report);
            Ok(())
        }
        other => bail!("no case named {other}; cases: {}", CASES.join(" ")),
    }
}

fn spikes(images: &Images, count: usize) -> Spikes {
    Spikes::from_matrix(&images.to_matrix(&(0..count).collect::<Vec<_>>()))
}

fn noise(rows: usize, count: usize, density: f32) -> Spikes {
    let mut states = Matrix::from_fn(rows, count, |_, _| density);
    Seed::new(1).stream().bernoulli(&mut states);
    Spikes::from_matrix(&states)
}

fn products(options: &Options, report: &mut dyn FnMut(&Measurement)) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    for (m, k, n) in [(128, 784, 500), (512, 784, 1200), (5, 784, 200), (5, 320, 500), (2048, 2048, 2048)] {
        // A batch is features × batch: the product of the peers, transposed.
        let metric = format!("f32-{m}x{k}x{n}");
        if !options.wants(&metric, "mm") {
            continue;
        }
        let fill = |rows, cols, seed| {
            let mut matrix = Matrix::zeros(rows, cols);
            Seed::new(seed).stream().normal(&mut matrix, 1.0);
            matrix
        };
        let (weights, batch, mut out) = (fill(k, n, 1), fill(k, m, 2), Matrix::zeros(n, m));
        let values = repeat(options.budget, Measure::Rate, 2.0 * (m * k * n) as f64 / 1e9, |times| {
            pool.install(|| {
                for _ in 0..times {
                    gemm(out.view_mut(), Accum::Replace, weights.view().transpose(), batch.view(), 1.0);
                }
            });
            times as f64
        });
        report(&Measurement {
            case: "gemm",
            metric,
            variant: "mm",
            values,
            unit: "GFLOP/s",
            threads: options.threads,
        });
    }
    Ok(())
}

fn training(
    case: &'static str,
    metric: String,
    data: Spikes,
    hidden: usize,
    batch: usize,
    options: &Options,
    report: &mut dyn FnMut(&Measurement),
) {
    for (variant, visible) in [("v1-prob", VisibleState::Mean), ("v1-sampled", VisibleState::Sampled)] {
        if !options.wants(&metric, variant) {
            continue;
        }
        let samples = data.len();
        let rbm = Rbm::new(data.rows(), hidden, Seed::new(1));
        let cd = CdOptions { sweeps: 1, rate: 0.05, visible, batch, threads: options.threads };
        let mut trainee = FastCd::new(&rbm, Input::Binary(data.clone()), cd);
        let mut noise = Seed::new(2).stream();
        let mut order = noise.permutation(samples);
        let mut at = 0;
        let (unit, per) =
            if case == "rbm_alpha" { ("epochs/s", 1.0 / samples as f64) } else { ("samples/s", 1.0) };
        let values = repeat(options.budget, Measure::Rate, per, |steps| {
            let mut work = 0;
            for _ in 0..steps {
                let end = (at + batch).min(samples);
                trainee.step(&order[at..end], &mut noise);
                assert_eq!(trainee.non_finite(), None, "training stays finite");
                work += end - at;
                at = end;
                if at == samples {
                    order = noise.permutation(samples);
                    at = 0;
                }
            }
            work as f64
        });
        report(&Measurement {
            case,
            metric: metric.clone(),
            variant,
            values,
            unit,
            threads: options.threads,
        });
    }
}

fn sampling(options: &Options, report: &mut dyn FnMut(&Measurement)) {
    let (visible, hidden, chains, sweeps) = (784, 500, 100, 1000);
    let mut rbm = Rbm::new(visible, hidden, Seed::new(1));
    Seed::new(2).stream().normal(&mut rbm.weights, 0.05);
    rbm.visible.bias.fill(-1.0);
    let mut sampler = FastChains::new(&rbm, &noise(visible, chains, 0.5), options.threads);
    let mut stream = Seed::new(3).stream();
    let values = repeat(options.budget, Measure::Time, sweeps as f64, |n| {
        sampler.run(n, &mut stream);
        n as f64
    });
    let metric = format!("{visible}x{hidden}-chains{chains}-steps{sweeps}");
    report(&Measurement {
        case: "gibbs",
        metric,
        variant: "in-place",
        values,
        unit: "s",
        threads: options.threads,
    });
}
