//! Repetitions, data, and the lines that come out.

use bench::data::{from_a, noise};
use bench::machine::Load;
use bench::options::Options;
use bench::run::{CASES, run};
use bench::table::parse;
use bench::timing::{Measure, Measurement, Repetitions, measure, median};
use bench::workloads::{Shape, Training};
use datasets::standin;
use energy::VisibleState;
use tensor::Seed;

#[test]
fn the_median_is_the_middle_or_the_mean_of_the_two_in_the_middle() {
    assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
    assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    assert!(median(&[]).is_nan());
}

#[test]
fn a_rate_and_a_time_are_positive_and_repeated_at_least_five_times() {
    for kind in [Measure::Rate, Measure::Time] {
        let mut units = 0;
        let repetitions = measure(0.1, kind, 2.0, |n| {
            units += n;
            (0..n).for_each(|_| drop(std::hint::black_box(vec![0_u8; 4096])));
            n as f64
        });
        // Others may use the machine meanwhile: then the undisturbed ones count alone, if there are enough.
        let Repetitions { values, disturbed, unreliable, .. } = &repetitions;
        let done = if *unreliable { values.len() } else { values.len() + disturbed };
        assert!(done >= 5 && units >= done, "{repetitions:?}");
        assert!(repetitions.values.iter().all(|value| value.is_finite() && *value > 0.0));
    }
}

#[test]
fn what_others_disturbed_counts_only_if_fewer_than_three_repetitions_are_left() {
    let counted = |disturbed: &[bool]| {
        let load = |disturbed| Load { seconds: 1.0, disturbed, cpu_share: None, cores: None };
        let all: Vec<(usize, Load)> = disturbed.iter().map(|&d| load(d)).enumerate().collect();
        let Repetitions { values, disturbed, unreliable, loads } = Repetitions::of(all);
        assert_eq!(loads.len(), values.len());
        (values, disturbed, unreliable)
    };
    assert_eq!(counted(&[false; 5]), (vec![0, 1, 2, 3, 4], 0, false));
    assert_eq!(counted(&[true, false, false, true, true, false]), (vec![1, 2, 5], 3, false));
    assert_eq!(counted(&[true, false, false, true, true]), (vec![0, 1, 2, 3, 4], 3, true));
    assert_eq!(counted(&[true; 5]), (vec![0, 1, 2, 3, 4], 5, true));
}

#[test]
fn a_measurement_becomes_a_line_that_can_be_read_back() {
    let repetitions = Repetitions {
        values: vec![1.0, 123_456.789, 200_000.0],
        disturbed: 2,
        unreliable: true,
        loads: vec![
            Load { seconds: 1.0, disturbed: true, cpu_share: Some(0.98765), cores: Some(0.5) },
            Load { seconds: 1.0, disturbed: false, cpu_share: Some(1.0), cores: Some(1.0) },
            Load { seconds: 1.0, disturbed: true, cpu_share: Some(0.99), cores: Some(0.8) },
        ],
    };
    let (metric, threads) = ("784x200-b5".to_owned(), 1);
    let (case, variant, unit, data) = ("rbm_cd1", "v1-prob", "samples/s", Some("drawn"));
    let json = Measurement { case, metric, variant, unit, threads, data, repetitions }.json();
    for field in [
        "\"peer\":\"glyphlab\"",
        "\"undisturbed\":123460.0",
        "\"cores\":0.8",
        "\"cpu_share\":0.988",
        "\"data\":\"drawn\"",
        "\"disturbed\":2",
    ] {
        assert!(json.contains(field), "{field} in {json}");
    }
    let lines = parse(&format!("{json}\n")).unwrap();
    assert_eq!((lines[0].value, lines[0].unreliable, lines[0].threads), (123_460.0, true, 1));
}

#[test]
fn several_threads_have_no_undisturbed_value() {
    let load = Load { seconds: 1.0, disturbed: true, cpu_share: Some(0.5), cores: Some(0.5) };
    let repetitions =
        Repetitions { values: vec![2.0; 3], disturbed: 3, unreliable: true, loads: vec![load; 3] };
    let (case, metric, variant, unit) = ("gibbs", "chains".to_owned(), "in-place", "s");
    let one = Measurement { case, metric, variant, unit, threads: 1, data: None, repetitions };
    assert_eq!(one.undisturbed(), Some(1.0));
    assert_eq!(Measurement { threads: 2, ..one.clone() }.undisturbed(), None);
    assert_eq!(Measurement { unit: "samples/s", ..one }.undisturbed(), Some(4.0));
}

#[test]
fn letters_come_from_a_to_z_and_then_the_digits() {
    let bytes = standin::alphadigits(Seed::new(1), 2);
    let images = datasets::alphadigits::parse(&bytes, "drawn").unwrap();
    let order = from_a(&images);
    let names: String = order.iter().map(|&i| images.classes[images.labels[i] as usize].as_str()).collect();
    assert!(names.starts_with("AABBCC") && names.ends_with("YYZZ00112233445566778899"), "{names}");
    assert_eq!(order[0] + 1, order[1]);
    assert_eq!(order.len(), images.len());
}

#[test]
fn noise_has_the_density_asked_for() {
    let samples = noise(784, 200, 0.13);
    let on: usize = (0..200).map(|s| samples.spikes.column(s).len()).sum();
    // Five standard deviations of a binomial of 156 800.
    assert!((on as f64 / 156_800.0 - 0.13).abs() < 5.0 * (0.13_f64 * 0.87 / 156_800.0).sqrt());
}

#[test]
fn an_epoch_sees_every_sample_once_with_a_short_batch_at_its_end() {
    let data = noise(20, 39, 0.4);
    let shape = Shape { visible: 20, hidden: 8, batch: 5 };
    let mut training = Training::new(&data.spikes, shape, VisibleState::Sampled, 1);
    assert_eq!(training.epoch(), 39);
    assert_eq!(training.run(7), 35);
    assert_eq!(training.run(1), 4);
}

#[test]
fn only_what_is_asked_for_is_measured_and_an_unknown_case_is_refused() {
    let only = "320x100-b32-n390/v1-sampled".to_owned();
    let options = Options { threads: 1, budget: 0.01, only, data: None };
    let mut names = Vec::new();
    for case in CASES {
        let mut report = |m: &Measurement| names.push(format!("{} {}/{}", m.case, m.metric, m.variant));
        run(case, &options, &mut report).unwrap();
    }
    assert_eq!(names, ["rbm_alpha 320x100-b32-n390/v1-sampled"]);
    let error = run("gmem", &options, &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("gemm") && error.contains("found gmem"), "{error}");
}

#[test]
fn the_convolutional_network_is_measured_under_the_names_of_the_peer() {
    for (only, unit) in
        [("train-b128-n12000/channels-last", "s/epoch"), ("infer-10000/channels-last-b1000", "images/s")]
    {
        let options = Options { threads: 2, budget: 0.01, only: only.to_owned(), data: None };
        let mut names = Vec::new();
        let mut report = |m: &Measurement| {
            assert!(m.median() > 0.0 && m.threads == 2 && m.unit == unit);
            names.push(format!("{} {}/{}", m.case, m.metric, m.variant));
        };
        run("cnn", &options, &mut report).unwrap();
        assert_eq!(names, [format!("cnn {only}")]);
    }
}

#[test]
fn plans_are_measured_under_the_names_of_the_peer() {
    for (case, only) in [
        ("emd", "sqeuclid-3d-n500/network-simplex"),
        ("emd", "sqeuclid-3d-40000x5/network-simplex"),
        ("sinkhorn", "reg0.1-n1000/sinkhorn_log"),
        ("transfer", "transform-100000/sinkhorn-reg0.1"),
    ] {
        let options = Options { threads: 2, budget: 0.01, only: only.to_owned(), data: None };
        let mut names = Vec::new();
        let mut report = |m: &Measurement| {
            assert!(m.median() > 0.0 && m.threads == 1 && m.unit == "s");
            names.push(format!("{}/{}", m.metric, m.variant));
        };
        run(case, &options, &mut report).unwrap();
        assert_eq!(names, [only]);
    }
}
