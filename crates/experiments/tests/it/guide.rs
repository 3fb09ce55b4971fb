//! The questions that people come with: answered from the rows of the reference run, by all that was run.

use std::collections::BTreeSet;
use std::path::Path;

use disk::Folder;
use engine::{Evidence, Rows};
use experiments::guide::GUIDE;

/// The rows of an experiment of the reference run of a profile; none where it has not been run there.
fn rows(profile: &str, name: &str) -> Option<Rows> {
    let (id, protocol) = name.split_once(':').unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/reference").join(profile);
    let bytes = std::fs::read(root.join(id).join(protocol).join("metrics.csv")).ok()?;
    Some(Rows::from_csv(&bytes).unwrap())
}

#[test]
fn the_reference_run_answers_every_question_with_a_figure_that_is_there() {
    for answer in GUIDE.answers {
        let said = (answer.says)(&Evidence(rows("quick", answer.name).unwrap()));
        let said = said.unwrap_or_else(|| panic!("{} has no answer", answer.asks));
        assert!(said.ends_with('.') && !said.contains("NaN"), "{said}");
        assert!(said.chars().filter(char::is_ascii_digit).count() >= 4, "{said}");
        let (id, protocol) = answer.name.split_once(':').unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/reference/quick");
        assert!(root.join(id).join(protocol).join(answer.figure).is_file(), "{}", answer.figure);
        assert_eq!((answer.says)(&Evidence::default()), None, "{}", answer.asks);
    }
}

/// Every name with an underscore in a rule of the reference runs has words, and no word is left over.
#[test]
fn every_metric_that_a_rule_names_has_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/reference");
    let mut named = BTreeSet::new();
    for profile in ["quick", "paper"] {
        let sections =
            engine::section::drawn(&experiments::registry::catalogue(), &Folder::root(root.join(profile)))
                .unwrap();
        for section in sections.iter().map(|folder| engine::section::section_in(folder).unwrap()) {
            for finding in section.claims.iter().map(|claim| &claim.finding) {
                let texts = finding.readings.iter().map(|one| &one.measured);
                for text in texts.chain([&finding.why, &finding.measured]) {
                    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                    let names = text.split(|c| !is_name(c)).filter(|name| name.contains('_'));
                    named.extend(names.map(str::to_owned));
                }
            }
        }
    }
    let words: BTreeSet<String> = GUIDE.words.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(named, words);
    assert!(GUIDE.words.iter().map(|(name, _)| name).is_sorted());
}

/// The best network is sought among all kinds that were run, also among those that were added later.
#[test]
fn the_best_network_on_few_labels_is_the_best_of_all_that_were_run() {
    let answer = GUIDE.answers.iter().find(|answer| answer.asks.contains("hundred labels")).unwrap();
    for rows in ["quick", "paper"].into_iter().filter_map(|profile| rows(profile, answer.name)) {
        let mean = |start: &str| {
            let of = |row: &&engine::Row| {
                row.metric == "error_last"
                    && row.column("labels") == Some("100")
                    && row.column("start") == Some(start)
                    && row.column(engine::rows::READING).is_none()
            };
            let values: Vec<f64> = rows.rows.iter().filter(of).map(|row| row.value).collect();
            values.iter().sum::<f64>() / values.len() as f64
        };
        let mut starts: Vec<&str> = rows.rows.iter().filter_map(|row| row.column("start")).collect();
        starts.sort_unstable();
        starts.dedup();
        let errors = starts.iter().map(|start| (mean(start), start)).filter(|(error, _)| error.is_finite());
        let (error, start) = errors.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        let said = (answer.says)(&Evidence(rows.clone())).unwrap();
        let wanted =
            format!("errs on {:.1}\u{a0}% of the test images after 100 labels ({start})", 100.0 * error);
        assert!(said.contains(&wanted), "{said}: {wanted}");
    }
}
