//! The questions of optimal transport: what is painted, planned and refused, and what a finished run holds.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::claim::OURS;
use engine::digest::sha256;
use engine::{Evidence, Profile, Rows, Study, Verdict, pick};
use experiments::colours::hue;
use experiments::colours::landscape::{Landscape, Painting};
use experiments::colours::recolour::{Depth, Layout, Picture};
use experiments::data::Data;
use fetch::Policy;
use report::Section;

use crate::support::{
    experiment, file, hypers, kind, options, plan, points, refusal, settings, study, train_study,
};

const COLOURS: &str = "ot-colour-transfer:ann4";
const DESSERTS: &str = "ot-desserts:ann4";
const DIGITS: &str = "ot-digits:ours";

/// Runs and draws all of a study; its rows and its section.
fn finished(study: Study) -> (Evidence, Section) {
    let trained = train_study(study);
    assert!(trained.summary.failed.is_empty(), "{:?}", trained.summary.failed);
    let rows = Rows::from_csv(file(&trained.draw(), "metrics.csv")).unwrap();
    (Evidence(rows), trained.section())
}

#[test]
fn what_the_desserts_show() {
    let (evidence, section) = finished(study(experiment(DESSERTS), &settings(Profile::Quick, &[])));
    for claim in &section.claims {
        // Nobody gets what is disliked, but a tenth of a portion goes to guests who do not care for it.
        let partly = claim.says.starts_with("With a big λ");
        let expected = if partly { Verdict::Partly } else { Verdict::Reproduced };
        assert_eq!(claim.finding.verdict, expected, "{}: {:?}", claim.says, claim.finding);
    }
    assert_eq!(section.claims.len(), 7);
    let verdicts = section.verdicts();
    let own = section.claims.iter().filter(|claim| claim.reported == OURS).count();
    assert_eq!((verdicts.reports, verdicts.ours), ([6 - own, 1, 0, 0], [own, 0, 0, 0]));
    let both = format!(
        "{} reproduced, 1 partly, 0 not reproduced, 0 cannot tell; beyond the reports: {own} reproduced, ",
        6 - own
    );
    assert!(own > 0 && verdicts.to_string().starts_with(&both), "{verdicts}");
    let exact = |metric: &str| evidence.values(pick(metric, &[("plan", "exact")]))[0];
    assert_eq!(exact("cost"), -36.0);
    assert_eq!(exact("portions_not_whole"), 0.0);
    // What the guests say of their own portions adds up to what the plan costs.
    let portions = [3.0, 3.0, 3.0, 4.0, 2.0, 2.0, 2.0, 1.0];
    for plan in ["exact", "10", "1", "0.1"] {
        let satisfied = |guest: usize| {
            evidence.values(pick("satisfaction", &[("plan", plan), ("guest", &(guest + 1).to_string())]))[0]
        };
        let total: f64 = portions.iter().enumerate().map(|(guest, n)| n * satisfied(guest)).sum();
        let cost = evidence.values(pick("cost", &[("plan", plan)]))[0];
        assert!((total + cost).abs() < 1e-9, "{plan}: {total} against {cost}");
    }
}

/// A finding that was not asked for a λ that the report did not have says nothing.
#[test]
fn another_lambda_leaves_the_reports_claims_open() {
    let (evidence, section) =
        finished(study(experiment(DESSERTS), &settings(Profile::Quick, &[("lambda", "100")])));
    let costs = evidence.values(pick("cost", &[("plan", "100")]));
    assert!((costs[0] + 36.0).abs() < 1e-6, "{costs:?}");
    let open = section.claims.iter().filter(|claim| claim.finding.verdict == Verdict::CannotTell).count();
    assert!(open >= 4, "{:?}", section.claims);
}

fn picture(painting: &Painting) -> Picture {
    Picture::new(painting.width, painting.height, Layout::Rgb, Depth::Eight, painting.pixels.clone())
}

/// The digests are those of every machine: nothing but sums, products, quotients and square roots is in a painting.
#[test]
fn paintings_are_the_same_everywhere() {
    for (landscape, digest) in [
        (Landscape::Valley, "04b70927c89fcc2b15739ef346d583e162f92e632e94da63cda3479f9ad3b123"),
        (Landscape::Desert, "309306b63b9331b87ff4d426ad1b4c57fb17346d57d0867fc832172ec7495501"),
    ] {
        let painting = landscape.paint(60);
        assert_eq!((painting.width, painting.height, painting.pixels.len()), (90, 60, 16_200));
        assert_eq!(sha256(&painting.pixels), digest, "{landscape:?}");
    }
}

/// The valley has greens of many hues and the desert next to none; its yellows and oranges are few.
#[test]
fn the_valley_is_green_and_the_desert_yellow() {
    let [valley, desert] = [Landscape::Valley, Landscape::Desert].map(|l| picture(&l.paint(80)));
    let of = |picture: &Picture, metric: &str| {
        hue::greens(picture, picture).iter().find(|(name, _)| *name == metric).map(|(_, value)| *value)
    };
    assert!(of(&valley, "greens_share").unwrap() > 0.35);
    assert!(of(&valley, "greens_hues_before").unwrap() > 10.0, "bins of 5°");
    assert!(of(&desert, "greens_share").unwrap() < 0.01);
    let mut yellow = 0;
    let mut colour = [0.0; 3];
    for pixel in 0..desert.pixels() {
        desert.rgb(pixel..pixel + 1, &mut colour);
        yellow += usize::from((hue::YELLOW.0..hue::YELLOW.1).contains(&hue::of(colour).0));
    }
    assert!(2 * yellow > desert.pixels(), "{yellow} of {} pixels are yellow or orange", desert.pixels());
}

#[test]
fn hues_are_degrees_around_the_cube() {
    for (colour, degrees) in [
        ([1.0, 0.0, 0.0], 0.0),
        ([1.0, 1.0, 0.0], 60.0),
        ([0.0, 1.0, 0.0], 120.0),
        ([0.5, 1.0, 1.0], 180.0),
        ([0.0, 0.0, 0.3], 240.0),
        ([1.0, 0.0, 0.5], 330.0),
        ([0.4, 0.4, 0.4], 0.0),
    ] {
        assert_eq!(hue::of(colour).0, degrees, "{colour:?}");
    }
    assert_eq!(hue::of([0.9, 0.4, 0.6]).1, 0.5);
}

/// A picture of two greens that become one yellow has two hues before and one after.
#[test]
fn greens_are_followed_to_what_they_become() {
    let two = Picture::new(2, 1, Layout::Rgb, Depth::Eight, vec![128, 255, 0, 0, 255, 128]);
    let one = Picture::new(2, 1, Layout::Rgb, Depth::Eight, [255, 200, 0].repeat(2));
    let rows = hue::greens(&two, &one);
    let of = |metric: &str| rows.iter().find(|(name, _)| *name == metric).unwrap().1;
    assert_eq!(of("greens_share"), 1.0);
    assert!((of("greens_hues_before") - 2.0).abs() < 1e-9 && (of("greens_hues_after") - 1.0).abs() < 1e-9);
    assert!((of("greens_spread_before") - 30.5).abs() < 1.0 && of("greens_spread_after") < 1e-3);
    assert_eq!((of("greens_yellow_before"), of("greens_yellow_after")), (0.0, 1.0));
}

#[test]
fn a_finished_transfer_is_proven_and_brings_the_palettes_together() {
    let (evidence, section) = finished(study(experiment(COLOURS), &settings(Profile::Smoke, &[])));
    for direction in ["A to B", "B to A"] {
        let at = [("direction", direction), ("method", "exact")];
        let one = |metric: &str| evidence.values(pick(metric, &at))[0];
        assert!(one("certificate_gap") < 1e-12 && one("marginal_error") < 1e-12);
        assert!(one("palette_distance_after") < 0.3 * one("palette_distance_before"));
        // The plan is one of least cost, so that no other moves colours less.
        let entropic = evidence.values(pick("cost", &[("direction", direction), ("method", "0.1")]))[0];
        assert!(one("cost") < entropic, "{} against {entropic}", one("cost"));
    }
    let cost = |direction| evidence.values(pick("cost", &[("direction", direction), ("method", "exact")]))[0];
    assert!((cost("A to B") - cost("B to A")).abs() < 1e-12, "there and back cost the same");
    let falls = section.claims.iter().find(|claim| claim.says.contains("The smaller")).unwrap();
    assert_eq!(falls.finding.verdict, Verdict::Reproduced, "{:?}", falls.finding);
    assert_eq!(section.figures.len(), 5);
}

/// Data with two pictures whose first sample is this.
fn brought(sample: u8) -> Arc<Data> {
    let pair = [Landscape::Desert, Landscape::Valley].map(|landscape| {
        let mut painting = landscape.paint(20);
        painting.pixels[0] = sample;
        picture(&painting)
    });
    Arc::new(Data::new(options(Policy::Standin)).with_pictures(pair))
}

#[test]
fn pictures_that_are_brought_have_points_and_a_folder_of_their_own() {
    let (e, smoke) = (experiment(COLOURS), settings(Profile::Smoke, &[]));
    let keys = |study: &Study| -> BTreeSet<String> {
        points(study).iter().map(|point| point.key.to_string()).collect()
    };
    let painted = study(e, &smoke);
    let [one, other] = [1, 2].map(|sample| e.study(&smoke, &brought(sample)).unwrap());
    assert!(keys(&painted).is_disjoint(&keys(&one)) && keys(&one).is_disjoint(&keys(&other)));
    assert_eq!(painted.folder(), "ann4");
    let digest = brought(1).pictures().unwrap().digest[..8].to_owned();
    assert_eq!(one.folder(), format!("ann4+images={digest}"));
    assert_ne!(one.folder(), other.folder());
    let set = e.study(&settings(Profile::Smoke, &[("samples", "50")]), &brought(1)).unwrap();
    assert_eq!(set.folder(), format!("ann4+samples=50+images={digest}"));
    // Whoever has no use for pictures stays where it is.
    let desserts = experiment(DESSERTS);
    let beside = desserts.study(&smoke, &brought(1)).unwrap();
    assert_eq!((beside.folder(), keys(&beside)), ("ann4".to_owned(), keys(&study(desserts, &smoke))));
    let (_, section) = finished(one);
    assert_eq!(section.protocol, format!("ann4+images={digest}"));
    for name in ["a-exact.png", "a-entropic.png", "b-exact.png", "b-entropic.png"] {
        assert!(section.files.iter().any(|file| file == name), "{name} in {:?}", section.files);
    }
}

/// What a plan says that it takes depends on the pictures, whoever made them.
#[test]
fn larger_pictures_count_as_memory() {
    let of = |study: &Study| points(study).iter().map(|point| point.bytes).min().unwrap();
    let painted =
        |height: &str| of(&study(experiment(COLOURS), &settings(Profile::Smoke, &[("height", height)])));
    // Samples of 24 million pixels, one byte each.
    assert!(painted("4000") >= 3 * 4000 * 6000, "{} bytes", painted("4000"));
    let large = Picture::black(6000, 4000, Layout::Rgb, Depth::Eight);
    let data = Data::new(options(Policy::Standin)).with_pictures([large.clone(), large]);
    let study = experiment(COLOURS).study(&settings(Profile::Smoke, &[]), &Arc::new(data)).unwrap();
    assert!(of(&study) >= 3 * 4000 * 6000, "{} bytes", of(&study));
}

#[test]
fn what_may_be_set_changes_the_points_and_nonsense_is_refused_by_name() {
    let keys = |name: &str, set: &[(&str, &str)]| -> BTreeSet<String> {
        plan(experiment(name), &settings(Profile::Smoke, set)).iter().map(|p| p.key.to_string()).collect()
    };
    for (name, key, other, nonsense) in [
        (DESSERTS, "lambda", "7", "0"),
        (DESSERTS, "tolerance", "1e-6", "-1"),
        (COLOURS, "samples", "50", "0"),
        (COLOURS, "samples", "51", "100001"),
        (COLOURS, "epsilon", "0.2", "0"),
        (COLOURS, "height", "30", "1"),
        (DIGITS, "images", "7", "0"),
        (DIGITS, "class-images", "3", "0"),
        (DIGITS, "gibbs", "5", "0"),
        (DIGITS, "epochs", "3", "0"),
        (DIGITS, "barycentre-images", "1", "0"),
        (DIGITS, "iterations", "7", "0"),
        (DIGITS, "epsilon", "2", "NaN"),
    ] {
        let e = experiment(name);
        assert!(hypers(e, &settings(Profile::Smoke, &[])).keys.contains(&key), "{name}: {key}");
        assert_ne!(keys(name, &[(key, other)]), keys(name, &[]), "{name}: {key}={other}");
        let error = refusal(e, &settings(Profile::Smoke, &[(key, nonsense)])).root_cause().to_string();
        assert!(error.contains(key), "--set {key}={nonsense}: {error}");
    }
    let known = [DESSERTS, COLOURS, DIGITS]
        .map(|name| hypers(experiment(name), &settings(Profile::Smoke, &[])).keys.len());
    assert_eq!(known.iter().sum::<usize>(), 12, "a key without a test");
    let (e, height) = (experiment(COLOURS), settings(Profile::Smoke, &[("height", "30")]));
    let error = e.study(&height, &brought(1)).err().unwrap();
    assert!(error.root_cause().to_string().contains("height"), "{error:#}");
    assert!(error.is::<engine::BadSetting>(), "{error:#}");
}

/// A reader of the page is told whose pictures were recoloured, and how large they are.
#[test]
fn whose_pictures_they_are_is_said() {
    let smoke = settings(Profile::Smoke, &[]);
    let brought = experiment(COLOURS).study(&smoke, &brought(1)).unwrap();
    let painted = study(experiment(COLOURS), &smoke);
    for (study, says) in [(brought, "the user's. A has 30 × 20 pixels"), (painted, "painted by the program")]
    {
        assert!(study.facts.notes.iter().any(|note| note.contains(says)), "{:?}", study.facts.notes);
    }
}

/// Layers are points that other questions ask for, too.
#[test]
fn generators_share_their_layers_with_the_label_budget() {
    let layers = |name: &str| -> BTreeSet<String> {
        let points = plan(experiment(name), &settings(Profile::Quick, &[]));
        let own = points.iter().filter(|point| kind(point) == "greedy");
        own.map(|point| point.key.to_string()).collect()
    };
    assert_eq!(layers(DIGITS).len(), 2);
    assert!(layers(DIGITS).is_subset(&layers("record-label-budget:ours")));
}

#[test]
fn distances_between_digits_are_symmetric_and_proven() {
    let set = [
        ("images", "12"),
        ("class-images", "3"),
        ("epochs", "1"),
        ("barycentre-images", "1"),
        ("iterations", "3"),
    ];
    let (evidence, section) = finished(study(experiment(DIGITS), &settings(Profile::Smoke, &set)));
    let pairs = evidence.rows.iter().filter(|row| row.metric == "pixels" && row.column("from").is_some());
    assert_eq!(pairs.count(), 55, "each pair of classes once, and each class with itself");
    for row in &evidence.rows {
        match row.metric.as_str() {
            "certificate_gap" => assert!(row.value < 1e-9, "{row:?}"),
            "pixels" => assert!((0.0..=784.0).contains(&row.value), "{row:?}"),
            _ => {}
        }
    }
    for origin in ["RBM", "DBN", "training images", "pixel noise", "blank paper", "mean image"] {
        let at = [("origin", origin)];
        let (squared, plain) =
            (evidence.values(pick("pixels", &at))[0], evidence.values(pick("wasserstein", &at))[0]);
        assert_eq!(squared.sqrt(), plain, "{origin}");
    }
    // The barycentre of one image is that image, a little blurred; its mean is that image.
    let spread = |metric: &str| evidence.values(pick(metric, &[("class", "3")]))[0];
    assert!((spread("spread_mean") - spread("spread_images")).abs() < 1e-9);
    assert_eq!(section.figures.len(), 4);
    assert!(section.standin);
    // A blur that comes out nearer than a generator is told of, by the generator's name; and only then.
    let pixels = |origin: &str| evidence.values(pick("pixels", &[("origin", origin)]))[0];
    for generator in ["RBM", "DBN"] {
        let told = section.notes.iter().any(|note| {
            note.starts_with("The mean image") && note.contains(&format!("of the {generator} ("))
        });
        assert_eq!(told, pixels("mean image") < pixels(generator), "{generator}: {:?}", section.notes);
    }
}

/// Rows as a run would give them, and what each claim makes of them.
#[test]
fn verdicts_follow_the_numbers() {
    let verdict = |name: &str, says: &str, evidence: &Evidence| {
        let claims = experiment(name).about.claims;
        (claims.iter().find(|claim| claim.says.contains(says)).unwrap().test)(evidence).verdict
    };
    for (apart, expected) in [(0.02, Verdict::Reproduced), (0.05, Verdict::NotReproduced)] {
        let mut evidence = Evidence::default();
        let mut push = |metric: &str, method: &str, value: f64| {
            evidence.push(metric, value, &[("direction", &"A to B"), ("method", &method), ("seed", &1)]);
        };
        push("rmse_to_exact", "0.1", apart);
        push("rmse_to_original", "exact", 0.3);
        assert_eq!(verdict(COLOURS, "do not differ", &evidence), expected);
    }
    for (share, hues, expected) in [
        (0.8, 5.0, Verdict::Reproduced),
        (0.2, 5.0, Verdict::Partly),
        (0.8, 20.0, Verdict::Partly),
        (0.2, 30.0, Verdict::NotReproduced),
    ] {
        let mut evidence = Evidence::default();
        for (metric, value) in [
            ("greens_yellow_after", share),
            ("greens_hues_before", 12.0),
            ("greens_hues_after", hues),
            ("greens_spread_before", 24.0),
            ("greens_spread_after", hues),
        ] {
            evidence.push(metric, value, &[("direction", &"A to B"), ("method", &"exact"), ("seed", &1)]);
        }
        assert_eq!(verdict(COLOURS, "greens", &evidence), expected, "{share} {hues}");
    }
    let nothing = Evidence::default();
    for name in [COLOURS, DESSERTS, DIGITS] {
        for claim in experiment(name).about.claims {
            assert_eq!((claim.test)(&nothing).verdict, Verdict::CannotTell, "{name}: {}", claim.says);
        }
    }
}
