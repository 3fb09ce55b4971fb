//! The texts of `/proc`.

use bench::machine::{Reading, busy_seconds, own_seconds};

#[test]
fn busy_time_is_all_but_idle_and_waiting_for_disks() {
    let text = "cpu  100 20 30 4000 500 6 7 8 90 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n";
    assert_eq!(busy_seconds(text), Some(1.71));
    assert_eq!(busy_seconds("cpu  100 20 30\n"), None);
    assert_eq!(busy_seconds(""), None);
}

#[test]
fn own_time_is_found_behind_any_name() {
    let text = "12 (a) b (c) R 1 12 12 0 -1 4194304 99 0 0 0 250 50 0 0 20 0 1 0";
    assert_eq!(own_seconds(text), Some(3.0));
    assert_eq!(own_seconds("12 (a) R 1"), None);
}

#[test]
fn shares_lie_between_nothing_and_all() {
    let reading = Reading::now();
    let sum: f64 = (0..1_000_000).map(f64::from).map(f64::sqrt).sum();
    let load = reading.elapsed();
    assert!(sum > 0.0 && load.seconds > 0.0);
    if let (Some(share), Some(cores)) = (load.cpu_share, load.cores) {
        assert!(share > 0.0 && share <= 1.0, "{share}");
        assert!(cores > 0.0, "{cores}");
    }
}
