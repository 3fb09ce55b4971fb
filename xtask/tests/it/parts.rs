//! `plan`, `run`, `draw`, `check`: the parts of `reproduce`, for schedulers of others.

use std::fs;

use crate::support::{
    Folder, SMOKE, code, contents, differences, first, list, reference, reproduce, run, stderr, stdout,
    trained,
};

/// A verb in the smoke profile on a folder.
fn verb(words: &[&str], folder: &Folder) -> std::process::Output {
    let out = folder.path().display().to_string();
    run(&[words, SMOKE, &["--out", &out]].concat())
}

#[test]
fn a_plan_in_three_parts_and_a_drawing_give_what_one_run_gives() {
    let (reference, folder) = (reference(), Folder::new());
    for part in ["1/3", "2/3", "3/3"] {
        let output = verb(&["run", "--partition", part, "-q"], &folder);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    }
    assert_eq!(stdout(&verb(&["plan", "all", "--ids"], &folder)), "", "nothing is left to do");
    assert_eq!(code(&verb(&["draw", "all"], &folder)), 0);
    let differ = differences(&contents(&folder.smoke()), &reference.contents);
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn a_plan_lists_keys_that_run_takes() {
    let (reference, folder) = (reference(), Folder::new());
    let ids = stdout(&verb(&["plan", "all", "--ids"], &folder));
    assert_eq!(ids.lines().count(), reference.points);
    assert!(!folder.smoke().exists(), "a plan writes nothing");
    let json = stdout(&verb(&["plan", "all", "--json"], &folder));
    assert!(ids.lines().all(|key| json.contains(key)) && json.contains("\"needs\""));
    let last = ids.lines().last().unwrap();
    let output = verb(&["run", &last[..12], "-q"], &folder);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(folder.smoke().join("points").join(last).join("manifest.json").is_file());
    let output = verb(&["run", "ffffffffffffffff"], &folder);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("no point of this plan"));
}

/// Several of these beside each other share what there is to do.
#[test]
fn run_without_keys_takes_the_points_of_the_experiments_named() {
    let (folder, name) = (Folder::new(), first().name());
    let own = stdout(&verb(&["plan", &name, "--ids"], &folder)).lines().count();
    let output = verb(&["run", &name, "-q"], &folder);
    assert_eq!((code(&output), trained(&output)), (0, own), "{}", stderr(&output));
    assert_eq!(stdout(&verb(&["plan", &name, "--ids"], &folder)), "", "nothing is left to do");
    let half = stdout(&verb(&["plan", "ot-*", "--ids"], &folder)).lines().count() / 2;
    let output = verb(&["run", "ot-*", "--partition", "2/2", "-q"], &folder);
    assert!(code(&output) == 0 && trained(&output) >= half, "{}", stderr(&output));
    for (words, part) in [
        (&["run", "no-such-thing"][..], "no-such-thing"),
        (&["run", "0", "--partition", "1/2"], "expected no keys beside it"),
        (&["run", ""], "points have keys that begin with"),
    ] {
        let output = verb(words, &folder);
        assert_eq!(code(&output), 2, "{words:?}");
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
}

#[test]
fn a_drawing_without_points_says_what_is_missing() {
    let folder = Folder::new();
    let output = verb(&["draw", "all"], &folder);
    assert_eq!(code(&output), 0);
    assert!(stderr(&output).contains("not drawn: "), "{}", stderr(&output));
}

#[test]
fn a_check_passes_until_a_file_is_changed() {
    let folder = Folder::new();
    let output = reproduce(&folder, &["-q"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let output = verb(&["check", "all"], &folder);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    let files = list(&folder.smoke());
    let claims = files.iter().find(|name| name.ends_with("claims.csv")).unwrap();
    fs::write(folder.smoke().join(claims), "says,reported,measured,verdict,why\n").unwrap();
    let output = verb(&["check", "all"], &folder);
    assert_eq!(code(&output), 1);
    assert!(
        stdout(&output).contains("MISMATCH") && stdout(&output).contains("claims.csv"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_part_announces_what_it_does_and_no_more() {
    let folder = Folder::new();
    let output = verb(&["run", "--partition", "1/9", "--of", &first().name()], &folder);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let (text, n) = (stderr(&output), trained(&output));
    assert!(n > 0 && text.contains(&format!(": {n} to train, 0 cached")), "{text}");
    assert!(text.contains(&format!("[{n}/{n}] finished")), "{text}");
}

/// What is skipped is among the points, not beside them.
#[test]
fn a_summary_counts_all_points_of_the_plan() {
    let (folder, name) = (Folder::new(), first().name());
    let ids = stdout(&verb(&["plan", &name, "--ids"], &folder));
    let points = folder.smoke().join("points");
    // A folder where the first point, which others need, wants its lock: a file in its working folder's place is cleared away.
    fs::create_dir_all(points.join(format!(".lock-{}", ids.lines().next().unwrap()))).unwrap();
    for words in [&["run", "--partition", "1/1", "-q", "--of"][..], &["reproduce", "-q"]] {
        let output = verb(&[words, &[&name]].concat(), &folder);
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        let (text, all) = (stderr(&output), ids.lines().count());
        assert!(text.contains(&format!("{all} points: ")) && text.contains(" skipped"), "{text}");
    }
}

/// One that cannot be read is one line, and does not hide the others.
#[test]
fn a_check_goes_on_after_what_it_cannot_read() {
    let folder = Folder::new();
    let output = reproduce(&folder, &["-q"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&verb(&["check", "all"], &folder));
    let count = text.lines().count();
    let files = list(&folder.smoke());
    let manifests: Vec<&String> = files
        .iter()
        .filter(|name| name.ends_with("manifest.json") && !name.starts_with("points/"))
        .take(2)
        .collect();
    let metrics = files.iter().rfind(|name| name.starts_with("points/") && name.ends_with("metrics.csv"));
    for name in manifests.iter().copied().chain(metrics) {
        fs::write(folder.smoke().join(name), "damaged\n").unwrap();
    }
    let output = verb(&["check", "all"], &folder);
    let (text, summary) = (stdout(&output), stderr(&output));
    assert_eq!(code(&output), 1, "{summary}");
    assert!(text.lines().count() >= count && text.contains("  ok  "), "{text}");
    for name in &manifests {
        let told = text.lines().filter(|line| line.contains("MISMATCH") && line.contains(name.as_str()));
        assert_eq!(told.count(), 1, "{name} in {text}");
    }
    assert!(metrics.is_some_and(|name| text.contains(name.as_str())), "{text}");
    assert!(summary.contains(&format!("{count} experiments checked, ")), "{summary}");
}

#[test]
fn show_prints_what_is_in_a_file_of_weights() {
    let root = reference().folder.smoke();
    let files = list(&root);
    let weights = files.iter().find(|name| name.ends_with("/weights/base.safetensors"));
    let weights = root.join(weights.expect("the reference has drawn an RBM with its weights"));
    let output = run(&["show", &weights.display().to_string()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.starts_with("name"), "{text}");
    for (name, shape) in [("W", "320]"), ("h_bias", "]"), ("v_bias", "[320]")] {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(name));
        let line = line.unwrap_or_else(|| panic!("no line of {name}: {text}"));
        assert!(line.contains("F32") && line.contains(shape) && line.ends_with("    0"), "{line}");
    }
}

/// A network that broke is what one looks into a file for: the table comes first, then what is wrong.
#[test]
fn show_counts_what_is_not_finite_and_names_the_tensor_after_the_table() {
    let folder = Folder::new();
    let path = folder.path().join("broken.safetensors");
    let header = r#"{"W":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[2],"data_offsets":[16,24]}}"#;
    let values = [1.0, f32::NAN, f32::INFINITY, 3.0, 0.5, -0.5];
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.extend(values.iter().flat_map(|x| x.to_le_bytes()));
    fs::write(&path, bytes).unwrap();
    let output = run(&["show", &path.display().to_string()]);
    assert_eq!(code(&output), 1);
    let (table, text) = (stdout(&output), stderr(&output));
    let cells = |name: &str| -> Vec<String> {
        let line = table.lines().find(|line| line.split_whitespace().next() == Some(name));
        line.unwrap_or_else(|| panic!("{table}")).split_whitespace().map(str::to_owned).collect()
    };
    // Least, mean and greatest of the finite values, then how many are not.
    assert_eq!(cells("W")[4..], ["1.0000e0", "2.0000e0", "3.0000e0", "2"]);
    assert_eq!(cells("b")[3..], ["-5.0000e-1", "0.0000e0", "5.0000e-1", "0"]);
    assert!(text.contains("broken.safetensors") && text.contains("in W: 2 of 4\n"), "{text}");
}

/// A file from somebody else does not write on the terminal, and what has no end is not read.
#[test]
fn show_prints_names_as_text_and_reads_nothing_but_files() {
    let folder = Folder::new();
    let path = folder.path().join("names.safetensors");
    let header = r#"{"__metadata__":{"m":"\u001b[2J"},"W\u001b[2J\n":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 4]].concat();
    fs::write(&path, bytes).unwrap();
    let output = run(&["show", &path.display().to_string()]);
    let text = stdout(&output) + &stderr(&output);
    assert!(!text.contains('\u{1b}') && text.contains("[2J"), "{text:?}");
    assert!(text.lines().count() <= 3, "{text:?}");
    if std::path::Path::new("/dev/zero").exists() {
        let output = run(&["show", "/dev/zero"]);
        assert_eq!(code(&output), 1);
        assert!(stderr(&output).contains("/dev/zero: expected a safetensors file"), "{}", stderr(&output));
    }
}

#[test]
fn show_refuses_what_is_not_weights_and_names_the_byte() {
    let folder = Folder::new();
    let path = folder.path().join("weights.safetensors");
    for bytes in [&b""[..], b"short", &[0xff; 64]] {
        fs::write(&path, bytes).unwrap();
        let output = run(&["show", &path.display().to_string()]);
        assert_eq!(code(&output), 1);
        let text = stderr(&output);
        assert!(text.contains("weights.safetensors") && text.contains("byte 0"), "{text}");
    }
    assert_eq!(code(&run(&["show", "/nowhere/weights.safetensors"])), 1);
}
