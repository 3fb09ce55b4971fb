//! Lines, ratios, and which threads are held against which.

use bench::compare::{jobs, own_peer};
use bench::run::{CASES, TRANSPORT};
use bench::table::{Line, Side, Table, number, parse};

fn line(metric: &str, unit: &str, threads: usize, value: f64) -> Line {
    let (case, variant) = ("rbm_cd1".to_owned(), "v1-prob".to_owned());
    let (metric, unit) = (metric.to_owned(), unit.to_owned());
    Line { case, metric, variant, value, unit, threads, unreliable: false }
}

#[test]
fn a_peers_line_is_read_whatever_else_it_holds() {
    let text = r#"a warning of some library
{"peer": "torch", "case": "gibbs", "metric": "784x500-chains100-steps1000", "variant": "in-place", "value": 1.08, "min": 1.07, "max": 1.08, "unit": "s", "threads": 2, "reps": 5, "version": "2.15.0", "mean_v": 0.3, "unreliable": true}
"#;
    let lines = parse(text).unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].value, lines[0].unit.as_str(), lines[0].unreliable), (1.08, "s", true));
}

#[test]
fn a_broken_line_is_an_error_that_shows_it() {
    for broken in ["{\"case\": \"gibbs\"}", "{\"case\": ", "{\"value\": \"fast\"}"] {
        let error = parse(broken).unwrap_err().to_string();
        assert!(error.contains(broken), "{error}");
    }
}

#[test]
fn a_ratio_is_that_of_the_medians_of_all_rounds() {
    let mut table = Table::default();
    for value in [90.0, 100.0, 400.0] {
        table.add(Side::Ours, &line("784x500-b128", "samples/s", 2, value));
    }
    assert_eq!(table.ratio("784x500-b128", "v1-prob"), None);
    for value in [50.0, 10.0, 60.0] {
        table.add(Side::Peer, &line("784x500-b128", "samples/s", 2, value));
    }
    assert_eq!(table.ratio("784x500-b128", "v1-prob"), Some(2.0));
    assert_eq!(table.ratio("784x500-b128", "v1-sampled"), None);
}

#[test]
fn seconds_are_better_when_fewer() {
    let mut table = Table::default();
    table.add(Side::Ours, &line("chains", "s", 2, 0.5));
    table.add(Side::Peer, &line("chains", "s", 2, 2.0));
    table.add(Side::Peer, &line("chains", "s", 1, 1.5));
    assert_eq!(table.ratio("chains", "v1-prob"), Some(3.0));
}

#[test]
fn the_peers_best_number_of_threads_counts() {
    let mut table = Table::default();
    table.add(Side::Ours, &line("784x200-b5", "samples/s", 1, 90.0));
    table.add(Side::Peer, &line("784x200-b5", "samples/s", 1, 45.0));
    table.add(Side::Peer, &line("784x200-b5", "samples/s", 2, 30.0));
    table.add(Side::Peer, &line("784x200-b5", "samples/s", 2, 40.0));
    assert_eq!(table.ratio("784x200-b5", "v1-prob"), Some(2.0));
}

#[test]
fn the_table_has_the_peers_column_only_with_a_peer_and_marks_what_was_disturbed() {
    let mut table = Table::default();
    table.add(Side::Ours, &line("784x200-b5", "samples/s", 1, 98_765.4));
    assert!(!table.is_unreliable());
    let disturbed = Line { unreliable: true, ..line("784x200-b5", "samples/s", 2, 40_000.0) };
    table.add(Side::Peer, &disturbed);
    table.add(Side::Peer, &line("784x777-b5", "samples/s", 2, 40_000.0));
    assert!(table.is_unreliable());
    let with = table.render(Some("torch"));
    assert_eq!(
        with,
        "| metric     | variant | threads | unit      | glyphlab |        torch | ratio |\n\
         | ---------- | ------- | ------- | --------- | -------- | ------------ | ----- |\n\
         | 784x200-b5 | v1-prob |       1 | samples/s |   98,765 | 40,000~ on 2 |  2.47 |\n"
    );
    assert!(!table.render(None).contains("ratio"));
}

#[test]
fn numbers_have_three_digits_or_commas() {
    let cases = [
        (1.0, "1.00"),
        (0.123_45, "0.123"),
        (12.345, "12.3"),
        (99.94, "99.9"),
        (123.4, "123"),
        (0.0, "0.00"),
    ];
    for (x, text) in cases {
        assert_eq!(number(x), text);
    }
    assert_eq!(number(37_000.4), "37,000");
    assert_eq!(number(1_234_567.0), "1,234,567");
}

#[test]
fn small_batches_run_on_one_thread_against_the_peers_one_and_all() {
    let digits = jobs("rbm_cd1", 2);
    let find = |only: &str| digits.iter().find(|job| job.only == only).unwrap();
    assert_eq!((find("784x200-b5/").ours, &find("784x200-b5/").peer[..]), (1, &[1, 2][..]));
    assert_eq!((find("784x500-b128/").ours, &find("784x500-b128/").peer[..]), (2, &[2][..]));
    assert_eq!((find("784x1200-b512/").ours, &find("784x1200-b512/").peer[..]), (2, &[2][..]));
    assert!(jobs("rbm_cd1", 1).iter().all(|job| job.ours == 1 && job.peer == [1]));
    assert!(jobs("side-by-side", 2).iter().all(|job| job.peer.is_empty()));
    assert!(jobs("nonsense", 2).is_empty());
}

#[test]
fn transport_runs_on_one_thread_of_ours_against_all_of_the_peers() {
    let all: Vec<_> = TRANSPORT.1.iter().flat_map(|case| jobs(case, 2)).collect();
    assert_eq!(all.len(), 4 + 7 + 6 + 2);
    assert!(all.iter().all(|job| job.ours == 1 && job.only.contains('/')));
    // Sinkhorn's products may lose by a second thread: the better of both counts.
    assert!(all.iter().all(|job| if job.case == "sinkhorn" { job.peer == [1, 2] } else { job.peer == [2] }));
    assert_eq!(jobs("emd", 4)[3].only, "sqeuclid-3d-n4000/network-simplex");
}

#[test]
fn every_case_that_has_a_peer_has_its_script() {
    for case in CASES.iter().filter(|case| jobs(case, 2).iter().any(|job| !job.peer.is_empty())) {
        let script = own_peer(case);
        let text = std::fs::read_to_string(&script).unwrap();
        assert!(text.contains(&format!("\"{case}\"")), "{case} in {}", script.display());
    }
    assert!(own_peer("emd") != own_peer("gemm"));
}

/// What a peer measures in half the precision stands in columns of its own, beside the same row of ours.
#[test]
fn half_the_precision_has_columns_of_its_own() {
    let of = |variant: &str, value: f64| Line {
        variant: variant.to_owned(),
        ..line("784x500-b128", "samples/s", 2, value)
    };
    let mut table = Table::default();
    table.add(Side::Ours, &of("momentum", 90.0));
    table.add(Side::Peer, &of("momentum", 45.0));
    let plain = table.render(Some("PyTorch"));
    assert!(!plain.contains("bf16"), "{plain}");
    table.add(Side::Peer, &of("momentum-bf16", 60.0));
    assert_eq!(table.ratio("784x500-b128", "momentum"), Some(2.0));
    let text = table.render(Some("PyTorch"));
    let row = text.lines().last().unwrap();
    assert!(text.contains("in bf16") && row.contains("2.00") && row.contains("1.50"), "{text}");
}
