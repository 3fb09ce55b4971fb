//! `export`: a small run in every format, read back; the notebook is executed where Python can.

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use disk::Name;
use engine::digest::sha256;

use crate::support::{Folder, SMOKE, code, list, run, stderr, stdout};

/// An experiment with curves over epochs, a sweep, pictures and weights.
const WHAT: &str = "alpha-rbm-units:scratch";

/// One drawn run for all tests here.
fn drawn() -> &'static Folder {
    static DRAWN: OnceLock<Folder> = OnceLock::new();
    DRAWN.get_or_init(|| {
        let folder = Folder::lasting("exported");
        let out = folder.path().display().to_string();
        let output = run(&[&["reproduce", WHAT, "-q", "--out", &out], SMOKE].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        folder
    })
}

/// Keeps tests from looking at a folder while another writes into it.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn export(format: &str, what: &[&str]) -> std::process::Output {
    let out = drawn().path().display().to_string();
    run(&[&["export", format, "--profile", "smoke", "--out", &out], what].concat())
}

/// The interpreter that `GLYPHLAB_PYTHON` names, or `python3`, if it can import these modules; says aloud if not.
fn python(modules: &str) -> Option<String> {
    let python = std::env::var("GLYPHLAB_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let found = Command::new(&python).args(["-c", &format!("import {modules}")]).output();
    if found.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    #[allow(clippy::print_stderr)]
    {
        eprintln!("skipped: {python} cannot import {modules}");
    }
    None
}

#[test]
fn every_format_says_where_it_was_written() {
    let _turn = turn();
    for (format, place) in [
        ("notebook", "export/notebook"),
        ("tensorboard", "export/tensorboard"),
        ("npy", "export/npy"),
        ("crate", "ro-crate-metadata.json"),
    ] {
        let output = export(format, &[WHAT]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let told = stdout(&output);
        assert!(told.trim_end().ends_with(place), "{told}");
        assert!(Path::new(told.trim_end()).exists(), "{told}");
        assert!(stderr(&output).contains("of 1 experiment"), "{}", stderr(&output));
    }
}

#[test]
fn nothing_drawn_is_an_error_and_a_misspelt_name_is_one_of_usage() {
    let _turn = turn();
    let output = export("npy", &["mnist-gan"]);
    assert_eq!((code(&output), stdout(&output)), (1, String::new()));
    assert!(stderr(&output).contains("nothing of that is drawn there"), "{}", stderr(&output));
    assert_eq!(code(&export("npy", &["alpha-rbm-unit"])), 2);
    assert_eq!(code(&export("pickle", &[])), 2);
}

/// The curves of the event files are those of the points.
#[test]
fn event_files_hold_the_rows_of_the_points() {
    let _turn = turn();
    assert_eq!(code(&export("tensorboard", &[])), 0);
    let root = drawn().smoke().join("export/tensorboard");
    let mut events: Vec<f32> = Vec::new();
    for file in list(&root) {
        let scalars = export::events::read(&std::fs::read(root.join(&file)).unwrap()).unwrap();
        assert!(!scalars.is_empty(), "{file}");
        events.extend(scalars.iter().map(|scalar| scalar.value));
    }
    let mut rows: Vec<f32> = Vec::new();
    for file in list(&drawn().smoke().join("points")).iter().filter(|file| file.ends_with("metrics.csv")) {
        let bytes = std::fs::read(drawn().smoke().join("points").join(file)).unwrap();
        let own = engine::Rows::from_csv(&bytes).unwrap();
        rows.extend(own.rows.iter().filter(|row| row.epoch.is_some()).map(|row| row.value as f32));
    }
    events.sort_by(f32::total_cmp);
    rows.sort_by(f32::total_cmp);
    assert!(!rows.is_empty());
    assert_eq!(events, rows);
}

#[test]
fn the_research_object_has_every_file_of_the_run_with_its_digest() {
    let _turn = turn();
    assert_eq!(code(&export("crate", &[])), 0);
    let root = drawn().smoke();
    let text = std::fs::read_to_string(root.join("ro-crate-metadata.json")).unwrap();
    let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
    let graph = whole["@graph"].as_array().unwrap();
    let files: Vec<&serde_json::Value> = graph.iter().filter(|one| one["@type"] == "File").collect();
    for file in &files {
        let bytes = std::fs::read(root.join(file["name"].as_str().unwrap())).unwrap();
        assert_eq!(file["sha256"], sha256(&bytes), "{}", file["name"]);
        assert_eq!(file["contentSize"], bytes.len().to_string());
    }
    let described = |name: &String| files.iter().any(|file| file["name"] == name.as_str());
    let kept = |name: &String| !name.contains("/.") && !name.starts_with("export/") && !name.starts_with('.');
    let missing: Vec<String> = list(&root)
        .into_iter()
        .filter(|name| kept(name) && name != "ro-crate-metadata.json" && !described(name))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
    let action = graph.iter().find(|one| one["@type"] == "CreateAction").unwrap();
    let told = action["description"].as_str().unwrap();
    assert!(told.contains(&format!("cargo xtask reproduce {WHAT} --profile smoke --data standin")), "{told}");
}

#[test]
fn notebooks_show_the_figures_of_the_run() {
    let _turn = turn();
    assert_eq!(code(&export("notebook", &[])), 0);
    let root = drawn().smoke().join("export/notebook");
    let names = list(&root);
    assert_eq!(names, ["alpha-rbm-units--scratch.ipynb"]);
    let whole: serde_json::Value =
        serde_json::from_slice(&std::fs::read(root.join(&names[0])).unwrap()).unwrap();
    let cells = whole["cells"].as_array().unwrap();
    let outputs: Vec<&serde_json::Value> =
        cells.iter().filter_map(|cell| cell["outputs"].as_array()).flatten().collect();
    let folder = disk::Folder::root(drawn().smoke().join("alpha-rbm-units/scratch"));
    let text = String::from_utf8(folder.read(&Name::new("error.svg").unwrap()).unwrap()).unwrap();
    let shows = |output: &&&serde_json::Value| {
        let lines = output["data"]["image/svg+xml"].as_array();
        lines.is_some_and(|lines| lines.iter().filter_map(|line| line.as_str()).collect::<String>() == text)
    };
    assert_eq!(outputs.iter().filter(shows).count(), 1);
    let source = whole.to_string();
    for call in [r#"draw(\"metrics.csv\", \"mse_"#, r#"filters(\"weights/"#, r#"picture(\"samples.svg\")"#] {
        assert!(source.contains(call), "{call}");
    }
}

#[test]
fn notebooks_run_from_top_to_bottom() {
    let _turn = turn();
    let Some(python) = python("nbclient, nbformat, ipykernel, numpy, matplotlib") else { return };
    assert_eq!(code(&export("notebook", &[])), 0);
    let program = "import sys, nbformat\n\
                   from nbclient import NotebookClient\n\
                   book = nbformat.read(sys.argv[1], as_version=4)\n\
                   nbformat.validate(book)\n\
                   NotebookClient(book, timeout=300, resources={'metadata': {'path': sys.argv[2]}}).execute()\n\
                   shown = [out for cell in book.cells if cell.cell_type == 'code' for out in cell.outputs]\n\
                   print(sum('image/png' in out.get('data', {}) for out in shown))";
    let root = drawn().smoke().join("export/notebook");
    for name in list(&root) {
        let output = Command::new(&python)
            .args(["-c", program])
            .arg(root.join(&name))
            .arg(&root)
            .env("MPLBACKEND", "module://matplotlib_inline.backend_inline")
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {}", stderr(&output));
        // Each curve and each matrix of weights that are images.
        let drawn: usize = stdout(&output).trim().parse().unwrap();
        assert!(drawn >= 3, "{name}: {drawn} figures");
    }
}
