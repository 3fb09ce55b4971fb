//! The benchmark is built from what is built already.

use std::collections::BTreeSet;
use std::process::Command;

/// Packages of a build with their features, one a line.
fn packages(selected: &[&str]) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let shown =
        ["tree", "--offline", "--no-dedupe", "-e", "normal,build", "--prefix", "none", "-f", "{p} [{f}]"];
    let output =
        Command::new(cargo).args(shown).args(selected).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// `cargo xtask` builds dependencies with the features that xtask asks for, `cargo xtask bench` with those of the workspace:
/// where these are the same, nothing is built twice.
#[test]
fn the_benchmark_needs_no_dependency_with_other_features_than_the_verbs() {
    let (verbs, everything) = (packages(&["-p", "xtask"]), packages(&["--workspace"]));
    let name = |line: &String| line.split(" [").next().unwrap_or_default().to_owned();
    let built: BTreeSet<String> = verbs.iter().map(name).collect();
    let again: Vec<&String> =
        everything.difference(&verbs).filter(|line| built.contains(&name(line))).collect();
    assert!(!built.is_empty() && again.is_empty(), "{again:#?}");
}
