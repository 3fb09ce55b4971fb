//! Cases, metrics and variants: the names under which workloads are timed.
//!
//! Names and shapes are those of the programs in `tools/peers`, so that a table can put them side by side. The cases
//! `side-by-side` and `kernels` are ours alone.

use anyhow::{Result, bail};
use energy::VisibleState;
use feedforward::Activation;
use train::Rule;

use crate::boltzmann::{sample, ways};
use crate::data::{Samples, digits, labelled, letters};
use crate::deep::{autoencode, play};
use crate::images::{convolve, denoise};
use crate::names::{Name, digits_metric, letters_metric, product_metric};
use crate::options::{Options, Report};
use crate::plans::plans;
use crate::side_by_side::side_by_side;
use crate::timing::{Measure, Measurement, measure};
use crate::workloads::{Classifying, Kernels, Net, Product, Shape, Training};

/// The groups of workloads.
pub const CASES: [&str; 17] = [
    "gemm",
    "rbm_cd1",
    "rbm_alpha",
    "rbm_ways",
    "gibbs",
    "ais",
    "dnn",
    "cnn",
    "sdae",
    "vae",
    "gan",
    "wgan",
    "emd",
    "sinkhorn",
    "transfer",
    "side-by-side",
    "kernels",
];

/// The cases of optimal transport, which have a name together.
pub const TRANSPORT: (&str, [&str; 3]) = ("transport", ["emd", "sinkhorn", "transfer"]);

/// Batch, inputs and units of the products.
pub const PRODUCTS: [[usize; 3]; 6] =
    [[128, 784, 500], [512, 784, 1200], [5, 784, 200], [5, 320, 500], [128, 1000, 500], [2048, 2048, 2048]];

/// The machines that learn digits.
pub const DIGIT_SHAPES: [Shape; 4] =
    [shape(784, 500, 128), shape(784, 1200, 512), SMALL, shape(784, 300, 128)];

/// The machines that learn letters, and how many letters.
pub const LETTER_SHAPES: [(Shape, usize); 2] = [(shape(320, 500, 5), 39), (shape(320, 100, 32), 390)];

/// The perceptrons that learn to classify digits, with the name of each and of the peer's way to do the same.
pub const NETS: [(Net, &str, &str); 2] = [
    (
        Net {
            widths: [784, 200, 200, 10],
            activation: Activation::Sigmoid,
            dropout: 0.0,
            rule: Rule::Sgd { momentum: 0.0 },
            rate: 0.1,
            batch: 5,
            images: 10_000,
        },
        "784-200-200-10-sigmoid-sgd-b5-n10000",
        "manual-inplace",
    ),
    (
        Net {
            widths: [784, 300, 300, 10],
            activation: Activation::Relu,
            dropout: 0.2,
            rule: Rule::Adam { beta1: 0.9, beta2: 0.999 },
            rate: 1e-3,
            batch: 128,
            images: 60_000,
        },
        "784-300-300-10-relu-dropout-adam-b128-n60000",
        "autograd-fused",
    ),
];

const SMALL: Shape = shape(784, 200, 5);
const VARIANTS: [(&str, VisibleState); 2] =
    [("v1-prob", VisibleState::Mean), ("v1-sampled", VisibleState::Sampled)];

const fn shape(visible: usize, hidden: usize, batch: usize) -> Shape {
    Shape { visible, hidden, batch }
}

/// Runs one case and hands every measurement over.
///
/// # Errors
/// If there is no such case, the data are not where they should be, or threads cannot be started.
pub fn run(case: &str, options: &Options, report: Report<'_>) -> Result<()> {
    match case {
        "gemm" => products(options, report),
        "rbm_cd1" => train_digits(options, report),
        "rbm_alpha" => train_letters(options, report),
        "rbm_ways" => ways(options, report),
        "gibbs" => {
            sample("gibbs", options, report);
            Ok(())
        }
        "ais" => {
            sample("ais", options, report);
            Ok(())
        }
        "dnn" => classify(options, report),
        "cnn" => convolve(options, report),
        "sdae" => denoise(options, report),
        "vae" => autoencode(options, report),
        "gan" | "wgan" => play(case, options, report),
        "emd" | "sinkhorn" | "transfer" => plans(case, options, report),
        "side-by-side" => pairs(options, report),
        "kernels" => kernels(options, report),
        other => bail!("expected one of {}, found {other}", CASES.join(", ")),
    }
}

fn products(options: &Options, report: Report<'_>) -> Result<()> {
    for sizes in PRODUCTS {
        let (metric, variant) = (product_metric(sizes), "mm");
        if !options.wants(&metric, variant) {
            continue;
        }
        // A batch is features × batch: the product of the peers, transposed.
        let [m, k, n] = sizes;
        let mut product = Product::forward(n, k, m, options.threads)?;
        let repetitions = measure(options.budget, Measure::Rate, gigaflop(sizes), |times| {
            product.run(times);
            times as f64
        });
        let (unit, threads) = ("GFLOP/s", options.threads);
        report(&Measurement { case: "gemm", metric, variant, unit, threads, data: None, repetitions });
    }
    Ok(())
}

fn gigaflop(sizes: [usize; 3]) -> f64 {
    2.0 * sizes.into_iter().product::<usize>() as f64 / 1e9
}

fn train_digits(options: &Options, report: Report<'_>) -> Result<()> {
    let data = digits(options.data.as_deref())?;
    for shape in DIGIT_SHAPES {
        let name = Name { case: "rbm_cd1", metric: digits_metric(shape), unit: "samples/s" };
        training(&name, &data, shape, 1.0, options, report);
    }
    Ok(())
}

fn train_letters(options: &Options, report: Report<'_>) -> Result<()> {
    for (shape, count) in LETTER_SHAPES {
        let data = letters(options.data.as_deref(), count)?;
        let name = Name { case: "rbm_alpha", metric: letters_metric(shape, count), unit: "epochs/s" };
        training(&name, &data, shape, 1.0 / count as f64, options, report);
    }
    Ok(())
}

fn training(name: &Name, data: &Samples, shape: Shape, per: f64, options: &Options, report: Report<'_>) {
    for (variant, visible) in VARIANTS {
        if !options.wants(&name.metric, variant) {
            continue;
        }
        let mut training = Training::new(&data.spikes, shape, visible, options.threads);
        let run = |steps| training.run(steps) as f64;
        let repetitions = measure(options.budget, Measure::Rate, per, run);
        report(&name.of(variant, options.threads, data, repetitions));
    }
}

fn classify(options: &Options, report: Report<'_>) -> Result<()> {
    for (net, metric, variant) in &NETS {
        if !options.wants(metric, variant) {
            continue;
        }
        let (samples, source) = labelled(options.data.as_deref(), net.images)?;
        let mut network = Classifying::new(&samples, net, options.threads)?;
        let repetitions =
            measure(options.budget, Measure::Time, net.images as f64, |steps| network.run(steps) as f64);
        report(&Measurement {
            case: "dnn",
            metric: (*metric).to_owned(),
            variant,
            unit: "s/epoch",
            threads: options.threads,
            data: Some(source),
            repetitions,
        });
    }
    Ok(())
}

fn pairs(options: &Options, report: Report<'_>) -> Result<()> {
    let sum = Name { case: "side-by-side", metric: "two-784x200-b5".to_owned(), unit: "samples/s" };
    let ratio = Name { case: "side-by-side", metric: "two-over-one-784x200-b5".to_owned(), unit: "times" };
    let data = digits(options.data.as_deref())?;
    for (variant, visible) in VARIANTS {
        if !options.wants_any(&sum.metric, &[variant]) && !options.wants_any(&ratio.metric, &[variant]) {
            continue;
        }
        let pairs = side_by_side(&data.spikes, SMALL, visible, options.budget);
        report(&sum.of(variant, 2, &data, pairs.map(|pair| pair.together)));
        report(&ratio.of(variant, 2, &data, pairs.map(|pair| pair.together / pair.alone)));
    }
    Ok(())
}

fn kernels(options: &Options, report: Report<'_>) -> Result<()> {
    let data = digits(options.data.as_deref())?;
    for shape in &DIGIT_SHAPES[..3] {
        let Shape { visible, hidden, batch } = *shape;
        // The products are counted as if they were dense.
        let dense = gigaflop([visible, hidden, batch]);
        type Kernel = fn(&mut Kernels);
        let parts: [(String, &str, f64, Kernel); 4] = [
            (format!("gather-{batch}x{visible}x{hidden}"), "GFLOP/s", dense, Kernels::gather),
            (
                format!("sigmoid-sample-{batch}x{hidden}"),
                "Mvalues/s",
                (batch * hidden) as f64 / 1e6,
                Kernels::sigmoid_sample,
            ),
            (format!("backward-{batch}x{hidden}x{visible}"), "GFLOP/s", dense, Kernels::backward),
            (format!("update-{visible}x{batch}x{hidden}"), "GFLOP/s", 2.0 * dense, Kernels::update),
        ];
        let mut kernels = Kernels::new(&data.spikes, *shape);
        for (metric, unit, per, kernel) in parts {
            let variant = "one-thread";
            if !options.wants(&metric, variant) {
                continue;
            }
            let repetitions = measure(options.budget, Measure::Rate, per, |times| {
                (0..times).for_each(|_| kernel(&mut kernels));
                times as f64
            });
            report(&Name { case: "kernels", metric, unit }.of(variant, 1, &data, repetitions));
        }
    }
    Ok(())
}
