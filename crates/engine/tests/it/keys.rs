//! Keys: a key is the same everywhere, and depends on what shapes a point and on nothing else.

use engine::point::Shape;
use engine::{Estimate, Key, Point, Work, canonical};

use crate::support::toy;
use crate::toy::Toy;

const CHEAP: Estimate = Estimate { seconds: 1.0, bytes: 1 };

fn job(seed: u64) -> Toy {
    Toy { size: 2, epochs: 3, seed, fault: None }
}

fn point(label: &str, seed: u64, needs: &[&Key], data: &str) -> Point {
    priced(label, (seed, needs, data), CHEAP)
}

fn priced(label: &str, (seed, needs, data): (u64, &[&Key], &str), estimate: Estimate) -> Point {
    let toy = job(seed);
    let shape = Shape { job: toy.config(), data: data.to_owned(), numerics: toy.numerics() };
    Point::new(label, needs.iter().map(|&need| need.clone()).collect(), &shape, estimate)
}

#[test]
fn canonical_json_sorts_keys_and_writes_short_floats() {
    #[derive(serde::Serialize)]
    struct Unsorted {
        rate: f32,
        epochs: usize,
        inner: Inner,
    }
    #[derive(serde::Serialize)]
    struct Inner {
        z: f64,
        a: Option<u8>,
    }
    let value = Unsorted { rate: 0.1, epochs: 5, inner: Inner { z: 1e-9, a: None } };
    assert_eq!(canonical::json(&value), r#"{"epochs":5,"inner":{"a":null,"z":1e-9},"rate":0.1}"#);
}

/// The golden key: if this fails, every store out there is void. Raise it knowingly.
#[test]
fn a_key_is_the_same_on_every_machine_and_in_every_release() {
    let point = point("label", 1, &[], "digest");
    let config = r#"{"data":"digest","job":{"epochs":3,"fault":null,"kind":"toy","seed":1,"size":2},"needs":[],"numerics":1}"#;
    assert_eq!(point.config, config);
    // printf '%s' "$config" | sha256sum | cut -c1-32
    assert_eq!(point.key.as_str(), GOLDEN);
}

const GOLDEN: &str = "6b3907f990e99db6bfd797ab6ece41f6";

#[test]
fn a_key_depends_on_job_data_and_needs_and_on_nothing_else() {
    let base = point("label", 1, &[], "digest");
    let dear = Estimate { seconds: 9.0, bytes: 9 };
    assert_eq!(priced("other label", (1, &[], "digest"), dear).key, base.key);
    let others = [
        point("label", 2, &[], "digest"),
        point("label", 1, &[], "other digest"),
        point("label", 1, &[&base.key], "digest"),
        point("label", 1, &[&toy(1, 1, None, &[]).point.key], "digest"),
    ];
    for other in &others {
        assert_ne!(other.key, base.key, "{}", other.config);
    }
    assert_ne!(others[2].key, others[3].key);
}

#[test]
fn a_job_survives_its_own_json() {
    let text = canonical::json(&job(3));
    assert_eq!(serde_json::from_str::<Toy>(&text).unwrap(), job(3));
    let mut task = toy(4, 5, None, &[]);
    assert_eq!(task.job::<Toy>().unwrap(), Toy { size: 4, epochs: 5, seed: 7, fault: None });
    let other = Shape { job: serde_json::json!({ "kind": "other" }), data: String::new(), numerics: 1 };
    task.point = Point::new("other", vec![], &other, CHEAP);
    assert!(task.job::<Toy>().unwrap_err().to_string().contains("another kind of job"));
}

/// A reader that multiplies digits by a power of ten in double precision misses each of these by a unit in the last place, and one
/// in ten of numbers at random.
#[test]
fn numbers_read_back_exactly() {
    let hard = [
        0.44426470082635805,
        0.12310888693805211,
        0.9977478925366421,
        0.23636053487376962,
        0.9401739174880179,
    ];
    // A Weyl sequence: the fractions of multiples of the golden section, spread by powers of ten.
    let golden = 0.618_033_988_749_894_9;
    let spread = (1..2000).map(|k| (f64::from(k) * golden).fract() * 10f64.powi(k % 600 - 300));
    let extremes = [5e-324, f64::MIN_POSITIVE, f64::MAX, -0.0, 0.1, 0.1 + 0.2];
    for x in hard.into_iter().chain(spread).chain(extremes) {
        let text = canonical::json(&x);
        assert_eq!(text.parse::<f64>().map(f64::to_bits), Ok(x.to_bits()), "{text}");
        assert_eq!(canonical::tree(&x).as_f64().map(f64::to_bits), Some(x.to_bits()), "{text}");
        assert_eq!(canonical::read::<f64>(text.as_bytes()).unwrap().to_bits(), x.to_bits(), "{text}");
        assert_eq!(canonical::pretty(&x), format!("{text}\n"));
    }
}

#[test]
fn a_text_that_is_not_a_key_is_refused() {
    for text in [
        "",
        "abc",
        "0123456789abcdef0123456789abcdeg",
        "0123456789ABCDEF0123456789ABCDEF",
        "../../../../../../../../../../etc",
    ] {
        assert!(text.parse::<Key>().is_err(), "{text}");
    }
}
