//! The reference runs that are committed: what a reader of their verdicts is owed.

use std::path::{Path, PathBuf};

use engine::{Evidence, Rows};
use experiments::registry;
use report::{ClaimRow, Section, Verdict};

/// All sections of a committed reference run, with their folders.
fn sections(profile: &str) -> Vec<(PathBuf, Section)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/reference").join(profile);
    let folder = |e: &&'static experiments::Experiment| root.join(e.about.id).join(e.about.protocol);
    let all = registry::all();
    let folders = all.iter().map(folder).filter(|folder| folder.join("section.json").is_file());
    let read = |folder: PathBuf| {
        let text = std::fs::read_to_string(folder.join("section.json")).unwrap();
        (folder, serde_json::from_str(&text).unwrap())
    };
    folders.map(read).collect()
}

/// A verdict that is not "reproduced" says why, and every verdict says by which rule it came about and on how many seeds it rests.
#[test]
fn every_verdict_has_its_rule_and_every_other_than_reproduced_its_reason() {
    for (folder, section) in ["quick", "paper"].into_iter().flat_map(sections) {
        for claim in &section.claims {
            let (finding, at) = (&claim.finding, format!("{}: {}", folder.display(), claim.says));
            assert!(!finding.why.is_empty(), "{at}: no rule");
            assert!(finding.seeds > 0 || finding.verdict == Verdict::CannotTell, "{at}: no seeds");
            if finding.verdict != Verdict::Reproduced {
                assert!(finding.reason.ends_with('.'), "{at}: no reason but {:?}", finding.reason);
            }
            assert!(claim.is_ours() || !claim.place.is_empty(), "{at}: no place in the report");
        }
    }
}

/// Every hyperparameter of a committed run says where its value comes from.
#[test]
fn every_hyperparameter_has_its_origin() {
    for (folder, section) in ["quick", "paper"].into_iter().flat_map(sections) {
        for own in &section.hyperparameters {
            assert!(!own.origin.is_empty(), "{}: {}", folder.display(), own.name);
        }
    }
}

/// Whoever reads the committed `metrics.csv` and applies the rules gets the committed verdicts.
#[test]
fn verdicts_follow_from_the_committed_rows() {
    for profile in ["quick", "paper"] {
        for (folder, section) in sections(profile) {
            let bytes = std::fs::read(folder.join("metrics.csv")).unwrap();
            let evidence = Evidence(Rows::from_csv(&bytes).unwrap());
            let is_own = |e: &&experiments::Experiment| {
                (e.about.id, e.about.protocol) == (&section.id, &section.protocol)
            };
            let e = registry::all().into_iter().find(is_own).unwrap();
            let judged: Vec<ClaimRow> = e.about.claims.iter().map(|claim| claim.judge(&evidence)).collect();
            assert_eq!(judged, section.claims, "{}: run it again and adopt it", folder.display());
        }
    }
}
