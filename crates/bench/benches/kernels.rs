//! Criterion benchmarks: dense products, the kernels of a training step, one epoch of CD-1.
//!
//! `cargo bench -p bench` learns from noise as dense as the data sets, so that it needs none of them. Rates are
//! samples (elements) a second; the table beside a peer is `cargo xtask bench`.
#![allow(missing_docs, clippy::unwrap_used)] // criterion's macros write undocumented functions

use std::time::Duration;

use bench::data::{digits, letters};
use bench::workloads::{Kernels, Product, Shape, Training};
use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use energy::VisibleState;
use tensor::binary::Spikes;

const BATCH_128: Shape = Shape { visible: 784, hidden: 500, batch: 128 };
const BATCH_512: Shape = Shape { visible: 784, hidden: 1200, batch: 512 };
const BATCH_5: Shape = Shape { visible: 784, hidden: 200, batch: 5 };
const LETTERS: Shape = Shape { visible: 320, hidden: 500, batch: 5 };

/// Threads for what is large enough.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(2)
}

/// `out = a · b`, m × k times k × n.
fn gemm(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("gemm");
    for (m, k, n) in [(784, 128, 500), (784, 5, 200), (320, 5, 500), (2048, 2048, 2048)] {
        let large = m * k * n > 1 << 24;
        for threads in 1..=if large { cores() } else { 1 } {
            let mut product = Product::new(m, k, n, threads).unwrap();
            group.throughput(Throughput::ElementsAndBytes {
                elements: 2 * (m * k * n) as u64,
                bytes: 4 * (m * k + k * n + m * n) as u64,
            });
            let id = BenchmarkId::new(format!("{m}x{k}x{n}"), format!("{threads}-thread"));
            group.bench_function(id, |bencher| bencher.iter(|| product.run(1)));
        }
    }
    group.finish();
}

/// Parts of a step, one thread, weights in the cache.
fn kernels(criterion: &mut Criterion) {
    let data = digits(None).unwrap().spikes;
    let mut group = criterion.benchmark_group("kernels");
    for shape in [BATCH_128, BATCH_5] {
        let mut kernels = Kernels::new(&data, shape);
        group.throughput(Throughput::Elements((shape.batch * shape.hidden) as u64));
        let name = format!("{}x{}-b{}", shape.visible, shape.hidden, shape.batch);
        let mut time = |part: &str, kernel: fn(&mut Kernels)| {
            group.bench_function(BenchmarkId::new(part, &name), |bencher| {
                bencher.iter(|| kernel(&mut kernels));
            });
        };
        time("gather", Kernels::gather);
        time("sigmoid_sample", Kernels::sigmoid_sample);
        time("backward", Kernels::backward);
        time("update", Kernels::update);
    }
    group.finish();
}

/// One epoch of CD-1 over so many samples.
fn epochs(criterion: &mut Criterion) {
    let (digits, letters) = (digits(None).unwrap().spikes, letters(None, 39).unwrap().spikes);
    let mut group = criterion.benchmark_group("cd1_epoch");
    group.sampling_mode(SamplingMode::Flat);
    let cases = [
        (BATCH_128, first(&digits, 1280), cores()),
        (BATCH_512, first(&digits, 2048), cores()),
        (BATCH_5, first(&digits, 1000), 1),
        (LETTERS, letters, 1),
    ];
    for (shape, data, threads) in cases {
        for (variant, visible) in [("sampled", VisibleState::Sampled), ("mean", VisibleState::Mean)] {
            let mut training = Training::new(&data, shape, visible, threads);
            group.throughput(Throughput::Elements(data.len() as u64));
            let name = format!("{}x{}-b{}", shape.visible, shape.hidden, shape.batch);
            group
                .bench_function(BenchmarkId::new(name, variant), |bencher| bencher.iter(|| training.epoch()));
        }
    }
    group.finish();
}

fn first(data: &Spikes, count: usize) -> Spikes {
    let mut spikes = Spikes::new(data.rows());
    spikes.extend_from(data, &(0..count).collect::<Vec<_>>());
    spikes
}

criterion_group! {
    name = all;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .sample_size(30);
    targets = gemm, kernels, epochs
}
criterion_main!(all);
