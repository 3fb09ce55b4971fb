//! Keys never change but on purpose: what was trained under them is found again.

use std::collections::BTreeSet;

use engine::Profile;
use engine::digest::sha256;
use experiments::registry;

use crate::support::{plan, settings};

/// For each experiment under smoke, on the drawn stand-in: how many points it has, and the SHA-256 of their keys in
/// ascending order, a line each. Written anew when letters and digits began to share one path of training, sampling and
/// scoring: that changed the keys of all that is trained or rests on it, on purpose and once. Written anew for letters and
/// networks of digits when their first weights became N(0, 0.1²), which the reports' exercise asks for;
/// and for networks when what they take each test image for began to be kept. Whoever changes keys again
/// pastes the table that the failing test prints, and says here why.
const KEYS: &[(&str, usize, &str)] = &[];

/// A key follows from the job, its data, its numerics and the keys of what it needs, and from nothing else.
#[test]
fn keys_are_what_they_were() {
    let found = registry::all().into_iter().map(|e| {
        let points = plan(e, &settings(Profile::Smoke, &[]));
        let keys: BTreeSet<&str> = points.iter().map(|point| point.key.as_str()).collect();
        let lines: String = keys.iter().map(|key| format!("{key}\n")).collect();
        (e.about.name(), keys.len(), sha256(lines.as_bytes()))
    });
    let found: Vec<(String, usize, String)> = found.collect();
    let table: String =
        found.iter().map(|(name, count, digest)| format!("    ({name:?}, {count}, {digest:?}),\n")).collect();
    let golden = KEYS.iter().map(|(name, count, digest)| ((*name).to_owned(), *count, (*digest).to_owned()));
    assert!(golden.eq(found), "keys have changed; if they should, the table is\n{table}");
}
