//! Generators and critics: what the entries plan, what the jobs leave, and runs that are stopped.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use disk::{Disk, Folder};
use engine::run::{self, Options};
use engine::store::Store;
use engine::workbench::Surroundings;
use engine::{Notice, Profile, Progress, Rows, Study, pick};
use experiments::adversarial::{
    Adversary, Between, Kinds, PLAYERS, REAL, SAMPLES, WAYS, kept_after, latents, show,
};
use feedforward::Network;
use generative::Objective;
use tensor::Seed;
use train::{Parameters, Rule, Snapshot};

use crate::support::{experiment, file, jobs, plan, settings, train};

const GAN: &str = "mnist-gan:ann4";
const WGAN: &str = "mnist-wgan:ann4";

fn games(name: &str, profile: Profile) -> Vec<Adversary> {
    let points = plan(experiment(name), &settings(profile, &[]));
    jobs::<Adversary>(&points).into_iter().map(|(_, job)| job).collect()
}

#[test]
fn paper_is_what_the_report_and_its_course_say() {
    for (name, batch, seeds) in [(GAN, 32, 3), (WGAN, 64, 5)] {
        let all = games(name, Profile::Paper);
        let known: std::collections::BTreeSet<u64> = all.iter().map(|job| job.seed).collect();
        assert_eq!(known.len(), seeds, "{name}");
        for job in all {
            assert_eq!((job.stretches * job.stretch, job.batch), (20_000, batch), "{job:?}");
            let expected = match job.objective {
                Objective::NonSaturating => (1, Rule::Adam { beta1: 0.5, beta2: 0.999 }, 2e-4),
                Objective::Wasserstein { clip } => {
                    assert_eq!(clip, 0.01);
                    (5, Rule::RmsProp { decay: 0.99, epsilon: 1e-16 }, 5e-5)
                }
                Objective::Penalised { weight } => {
                    assert_eq!(weight, 10.0);
                    (5, Rule::Adam { beta1: 0.0, beta2: 0.9 }, 1e-4)
                }
                Objective::Minimax => panic!("no game of this kind"),
            };
            assert_eq!((job.critic_steps, job.generator.rule, job.generator.rate), expected);
            assert_eq!(job.critic, job.generator);
        }
    }
}

/// Beside the protocol, the clipped critic by Adam; the plain game is the same point.
#[test]
fn the_course_trains_the_clipped_critic_by_adam() {
    let with = engine::Settings { readings: true, ..settings(Profile::Paper, &[]) };
    let points = plan(experiment(WGAN), &with);
    let all: Vec<Adversary> = jobs::<Adversary>(&points).into_iter().map(|(_, job)| job).collect();
    assert_eq!(all.len(), 5 * 4);
    let clipped = all.iter().filter(|job| matches!(job.objective, Objective::Wasserstein { .. }));
    let by_adam = clipped.filter(|job| job.critic.rule == Rule::Adam { beta1: 0.5, beta2: 0.999 }).count();
    assert_eq!(by_adam, 5);
}

#[test]
fn steps_come_in_equal_stretches() {
    let e = experiment(GAN);
    let refused = crate::support::refusal(e, &settings(Profile::Quick, &[("steps", "1050")]));
    assert!(format!("{refused:#}").contains("expected a multiple of 100, found 1050"), "{refused:#}");
    let points = plan(e, &settings(Profile::Quick, &[("steps", "1100"), ("samples", "30"), ("batch", "8")]));
    for (_, job) in jobs::<Adversary>(&points) {
        assert_eq!((job.stretches, job.stretch, job.samples, job.batch), (100, 11, 30, 8));
        let kept = job.kept();
        assert_eq!((kept.len(), kept[0], kept[1], kept[20]), (21, 1, 55, 1100));
    }
}

fn parameters(network: &Network) -> usize {
    network.params().iter().map(|p| p.values.len()).sum()
}

#[test]
fn networks_have_the_sizes_that_the_entries_state() {
    let dense = |widths: &[usize]| widths.windows(2).map(|w| (w[0] + 1) * w[1]).sum::<usize>();
    let all = games(GAN, Profile::Paper);
    let multilayer = all.iter().find(|job| job.only.is_none()).unwrap();
    let players = multilayer.players.fresh(784, Seed::new(1)).unwrap();
    assert_eq!(parameters(players.generator()), dense(&[100, 256, 512, 784]));
    assert_eq!(parameters(players.critic()), dense(&[784, 512, 256, 1]));
    let whole = parameters(players.generator()) + parameters(players.critic());
    assert!((1_000_000..1_200_000).contains(&whole), "about a million: {whole}");
    let narrow = games(WGAN, Profile::Paper)[0].players.fresh(784, Seed::new(1)).unwrap();
    assert_eq!(parameters(narrow.generator()), dense(&[100, 256, 256, 784]));
    assert_eq!(parameters(narrow.critic()), dense(&[784, 256, 256, 1]));
    // Filters of 4 × 4 between 64, 32 and 1 maps, one bias a map.
    let maps = all.iter().find(|job| job.only.is_some()).unwrap();
    let players = maps.players.fresh(784, Seed::new(1)).unwrap();
    assert_eq!(parameters(players.generator()), 101 * 64 * 49 + 16 * 64 * 32 + 32 + 16 * 32 + 1);
    assert_eq!(parameters(players.critic()), 16 * 32 + 32 + 16 * 32 * 64 + 64 + 64 * 49 + 1);
    let shown = show(&players, &latents(3, 100, 5));
    assert_eq!((shown.rows(), shown.cols()), (784, 5));
    assert!(shown.as_slice().iter().all(|x| (0.0..=1.0).contains(x)));
    let refused = maps.players.fresh(600, Seed::new(1)).err().unwrap().to_string();
    assert_eq!(refused, "players: expected networks for 600 pixels, found 784");
}

/// A critic's step goes forward through the generator once and through itself twice, and back twice; the generator's step goes forward
/// and back through both. The penalty goes forward and back, and along a tangent and back.
#[test]
fn passes_are_counted_by_hand() {
    let counts: BTreeMap<String, usize> = games(WGAN, Profile::Paper)
        .iter()
        .map(|job| (format!("{:?}", job.objective), job.passes()))
        .collect();
    let of = |objective: Objective| counts[&format!("{objective:?}")];
    assert_eq!(of(Objective::NonSaturating), (1 + 2 + 2) + (2 + 2));
    assert_eq!(of(Objective::Wasserstein { clip: 0.01 }), 5 * (1 + 2 + 2) + (2 + 2));
    assert_eq!(of(Objective::Penalised { weight: 10.0 }), 5 * (1 + 2 + 2 + 4) + (2 + 2));
}

/// Stops the run after an epoch.
struct Stopper(usize, AtomicBool);

impl Progress for Stopper {
    fn tell(&self, notice: &Notice<'_>) {
        if let Notice::Epoch { epoch, .. } = notice
            && *epoch == self.0
        {
            self.1.store(true, Ordering::SeqCst);
        }
    }
}

/// All artefacts of a study's games.
fn artefacts(study: &Study, store: &Store) -> Vec<Vec<u8>> {
    let own = study.tasks.iter().filter(|task| task.role == "game");
    own.flat_map(|task| {
        let job: Adversary = task.job().unwrap();
        let kept = job.kept().into_iter().map(kept_after);
        let files = kept.chain([PLAYERS.to_owned(), SAMPLES.to_owned()]);
        let key = task.point.key.clone();
        files.map(move |file| store.read(&key, &file).unwrap()).collect::<Vec<_>>()
    })
    .collect()
}

/// What was drawn after the first step is there, too, where the run was stopped after the stretch that it belongs to.
#[test]
fn a_game_that_was_stopped_leaves_the_same_files() {
    let e = experiment(WGAN);
    let whole = train(e, &settings(Profile::Smoke, &[]));
    let expected = artefacts(&whole.study, &whole.store);
    let games = whole.study.tasks.iter().filter(|task| task.role == "game");
    let rows = |store: &Store| -> Vec<Rows> {
        games.clone().map(|task| store.rows(&task.point.key).unwrap()).collect()
    };
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(Folder::root(folder.path()), Disk::new());
    let everything: Vec<usize> = (0..whole.plan.points.len()).collect();
    for after in [1, 4, usize::MAX] {
        let stopper = Stopper(after, AtomicBool::new(false));
        let around = Surroundings {
            store: &store,
            progress: &stopper,
            interrupt: &stopper.1,
            checkpoint_every: Duration::from_secs(3600),
        };
        let options = Options { jobs: 2, threads: 1, force: false };
        let summary = run::run(&whole.plan, &everything, around, options).unwrap();
        assert_eq!((summary.interrupted, summary.failed.len()), (after < usize::MAX, 0), "{summary:?}");
    }
    assert!(artefacts(&whole.study, &store) == expected);
    assert_eq!(rows(&store), rows(&whole.store));
}

/// What other jobs and readers find in the files of a game.
#[test]
fn files_hold_what_they_say() {
    let trained = train(experiment(GAN), &settings(Profile::Smoke, &[]));
    for task in trained.study.tasks.iter().filter(|task| task.role == "game") {
        let job: Adversary = task.job().unwrap();
        let open =
            |file: &str| Snapshot::decode(&trained.store.read(&task.point.key, file).unwrap()).unwrap().0;
        let samples = open(SAMPLES);
        assert_eq!(samples.tensor("samples").unwrap().shape, [job.drawn, 784]);
        assert!(samples.f32s("samples").unwrap().iter().all(|x| (0.0..=1.0).contains(x)));
        for step in job.kept() {
            let kept = open(&kept_after(step));
            assert_eq!(kept.tensor("samples").unwrap().shape, [job.samples, 784]);
        }
        let weights = open(PLAYERS);
        assert!(
            weights
                .tensors
                .iter()
                .all(|t| { t.name.starts_with("generator.") || t.name.starts_with("critic.") })
        );
        // The samples of the last instant are those of the weights in the end.
        let mut players = job.players.fresh(784, Seed::new(0)).unwrap();
        weights.write_into(&mut players, "").unwrap();
        let own = show(&players, &latents(job.seed, job.players.latent(), job.samples));
        let bytes: Vec<u8> = own.as_slice().iter().map(|x| (255.0 * x).round() as u8).collect();
        let last = open(&kept_after(job.stretches * job.stretch));
        assert!(last.bytes("samples").unwrap() == bytes);
    }
    for (point, job) in jobs::<Between>(&trained.plan.points) {
        let (ways, _) = Snapshot::decode(&trained.store.read(&point.key, WAYS).unwrap()).unwrap();
        let rows = ways.tensor("ends").unwrap().shape[0];
        assert!(rows >= 1 && rows <= job.ways);
        assert_eq!(ways.tensor("samples").unwrap().shape, [rows * job.pictures, 784]);
    }
    for (point, job) in jobs::<Kinds>(&trained.plan.points) {
        assert!(trained.store.read(&point.key, REAL).is_ok(), "{:?}", job.only);
    }
}

/// The evidence: the cheapest game is at equal compute where it is in the end, and others are at most as far.
#[test]
fn equal_compute_is_the_whole_of_the_cheapest_game() {
    let trained = train(experiment(WGAN), &settings(Profile::Smoke, &[]));
    let drawn = trained.draw();
    let evidence = &drawn.evidence;
    let of = |metric: &str, model: &str| evidence.values(pick(metric, &[("model", model)]));
    assert_eq!(of("effective_classes_compute", "GAN"), of("effective_classes_last", "GAN"));
    assert_eq!(of("effective_classes_spread_compute", "GAN"), of("effective_classes_spread_last", "GAN"));
    for (model, passes) in [("GAN", 9.0), ("WGAN", 29.0), ("WGAN with penalty", 49.0)] {
        assert_eq!(of("passes_a_step", model), [passes]);
        let at: Vec<&str> = evidence.along(pick("covered", &[("model", model)]), "passes");
        let steps: Vec<&str> = evidence.along(pick("covered", &[("model", model)]), "step");
        assert_eq!(at.len(), steps.len());
        for (passes_so_far, step) in at.iter().zip(&steps) {
            let [passes_so_far, step] = [passes_so_far, step].map(|text| text.parse::<f64>().unwrap());
            assert_eq!(passes_so_far, step * passes);
        }
        // 9 passes times 20 steps.
        let within = at.iter().zip(&steps).rfind(|(at, _)| at.parse::<f64>().unwrap() <= 180.0).unwrap();
        let there = evidence.values(pick("covered", &[("model", model), ("step", within.1)]));
        assert_eq!(of("covered_compute", model), there);
    }
    let steps = Rows::from_csv(file(&drawn, "steps.csv")).unwrap();
    // Three games, four numbers, ten stretches.
    assert_eq!(steps.rows.len(), 3 * 4 * 10);
}
