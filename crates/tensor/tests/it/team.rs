//! The team's promises: every member, every phase, once and in order; a panic is told and never waited for in vain.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{ThreadId, current};
use std::time::Duration;

use tensor::team::{Team, Work, share};

const THREADS: [usize; 4] = [1, 2, 3, 8];

/// Ten thousand phases; fewer where members outnumber any small machine's cores and each must wait for its turn.
fn phases(threads: usize) -> usize {
    if threads > 3 { 500 } else { 10_000 }
}

/// A team that writes down what each member was asked to do.
fn scribes(threads: usize) -> (Team, Arc<Vec<Mutex<Vec<usize>>>>) {
    let seen: Arc<Vec<Mutex<Vec<usize>>>> = Arc::new((0..threads).map(|_| Mutex::default()).collect());
    let notes = Arc::clone(&seen);
    let work: Work = Arc::new(move |member, phase| notes[member].lock().unwrap().push(phase));
    (Team::new(threads, work), seen)
}

#[test]
fn every_member_runs_every_phase_once_and_in_order() {
    for threads in THREADS {
        let (team, seen) = scribes(threads);
        assert_eq!(team.threads(), threads);
        // Numbers of phases repeat, as those of a training step do.
        let phases: Vec<usize> = (0..phases(threads)).map(|i| i * i % 7).collect();
        for &phase in &phases {
            team.run(phase);
        }
        drop(team);
        for (member, seen) in seen.iter().enumerate() {
            assert!(*seen.lock().unwrap() == phases, "member {member} of {threads}");
        }
    }
}

#[test]
fn every_member_has_a_thread_of_its_own_and_the_first_is_the_caller() {
    for threads in THREADS {
        let seen: Arc<Vec<Mutex<Vec<ThreadId>>>> = Arc::new((0..threads).map(|_| Mutex::default()).collect());
        let notes = Arc::clone(&seen);
        let work: Work = Arc::new(move |member, _| notes[member].lock().unwrap().push(current().id()));
        let team = Team::new(threads, work);
        (0..20).for_each(|phase| team.run(phase));
        let mut threads_seen = HashSet::new();
        for (member, ids) in seen.iter().enumerate() {
            let ids = ids.lock().unwrap();
            assert!(ids.len() == 20 && ids.iter().all(|id| *id == ids[0]), "member {member} of {threads}");
            assert_eq!(ids[0] == current().id(), member == 0, "member {member} of {threads}");
            assert!(threads_seen.insert(ids[0]), "member {member} of {threads} shares a thread");
        }
    }
}

/// What any member wrote in a phase is there when `run` returns, and no member is ahead of the others.
#[test]
fn a_phase_ends_for_all_before_the_next_begins() {
    for threads in THREADS {
        let done = Arc::new(AtomicUsize::new(0));
        let early = Arc::new(AtomicUsize::new(0));
        let (count, caught) = (Arc::clone(&done), Arc::clone(&early));
        let work: Work = Arc::new(move |_, phase| {
            let before = count.fetch_add(1, Ordering::Relaxed);
            if before / threads != phase {
                caught.fetch_add(1, Ordering::Relaxed);
            }
        });
        let team = Team::new(threads, work);
        for phase in 0..phases(threads) {
            team.run(phase);
            assert_eq!(done.load(Ordering::Relaxed), threads * (phase + 1), "{threads} members");
        }
        assert_eq!(early.load(Ordering::Relaxed), 0, "{threads} members");
    }
}

#[test]
fn a_team_that_slept_wakes_up() {
    let (team, seen) = scribes(3);
    for phase in 0..5 {
        // Long enough to go through spinning and yielding into naps.
        std::thread::sleep(Duration::from_millis(10));
        team.run(phase);
    }
    assert!(seen.iter().all(|seen| *seen.lock().unwrap() == [0, 1, 2, 3, 4]));
}

#[test]
fn dropping_a_team_ends_its_threads() {
    for threads in THREADS {
        for phases in [0, 1, 20] {
            let work: Work = Arc::new(|_, _| {});
            let team = Team::new(threads, Arc::clone(&work));
            (0..phases).for_each(|phase| team.run(phase));
            drop(team);
            // Every member held the work; a thread that still lived would hold it yet.
            assert_eq!(Arc::strong_count(&work), 1, "{threads} members after {phases} phases");
        }
    }
}

/// Runs three phases of a team in which one member panics in the second; which of them panicked, and what was done.
fn with_a_panic(threads: usize, bad: usize) -> (Vec<bool>, Vec<Vec<usize>>) {
    let seen: Arc<Vec<Mutex<Vec<usize>>>> = Arc::new((0..threads).map(|_| Mutex::default()).collect());
    let notes = Arc::clone(&seen);
    let work: Work = Arc::new(move |member, phase| {
        notes[member].lock().unwrap().push(phase);
        if (member, phase) == (bad, 1) {
            // A panic that does not write to the terminal.
            resume_unwind(Box::new("a member's work failed"));
        }
    });
    let team = Team::new(threads, work);
    let panicked = (0..2).map(|phase| catch_unwind(AssertUnwindSafe(|| team.run(phase))).is_err()).collect();
    drop(team);
    (panicked, seen.iter().map(|seen| seen.lock().unwrap().clone()).collect())
}

#[test]
fn a_panic_in_any_member_makes_run_panic_after_all_have_ended() {
    for threads in THREADS {
        for bad in 1..threads {
            let (panicked, seen) = with_a_panic(threads, bad);
            assert_eq!(panicked, [false, true], "member {bad} of {threads}");
            assert!(seen.iter().all(|seen| *seen == [0, 1]), "member {bad} of {threads}: {seen:?}");
        }
    }
}

/// Nobody works on when `run` is over, however it ends.
#[test]
fn a_panic_of_the_caller_waits_for_the_others_and_goes_on() {
    for threads in THREADS {
        let done = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&done);
        let work: Work = Arc::new(move |member, _| {
            if member == 0 {
                resume_unwind(Box::new("the caller's own words"));
            }
            std::thread::sleep(Duration::from_millis(30));
            count.fetch_add(1, Ordering::Relaxed);
        });
        let team = Team::new(threads, work);
        let payload = catch_unwind(AssertUnwindSafe(|| team.run(0))).expect_err("member 0 panics");
        assert_eq!(done.load(Ordering::Relaxed), threads - 1, "{threads} members");
        assert_eq!(payload.downcast_ref(), Some(&"the caller's own words"));
    }
}

#[test]
fn a_panic_of_the_caller_itself_ends_the_team_without_hanging() {
    for threads in THREADS {
        let (panicked, seen) = with_a_panic(threads, 0);
        assert_eq!(panicked, [false, true], "{threads} members");
        assert_eq!(seen[0], [0, 1]);
    }
}

#[test]
#[should_panic(expected = "a team of nobody")]
fn a_team_of_nobody_is_refused() {
    let _ = Team::new(0, Arc::new(|_, _| {}));
}

#[test]
fn shares_are_neighbours_nearly_equal_and_all_there_is() {
    for threads in 1..9 {
        for n in 0..40 {
            let shares: Vec<_> = (0..threads).map(|member| share(n, member, threads)).collect();
            let all: Vec<usize> = shares.iter().cloned().flatten().collect();
            assert_eq!(all, (0..n).collect::<Vec<_>>());
            assert!(
                shares.iter().all(|s| (n / threads..=n.div_ceil(threads)).contains(&s.len())),
                "{shares:?}"
            );
        }
    }
}
