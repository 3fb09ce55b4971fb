//! The Python that tests ask, if it has what they need.

use std::process::Command;

/// The interpreter that `GLYPHLAB_PYTHON` names, or `python3`, if it can import these modules; says aloud if not.
pub fn with(modules: &str) -> Option<String> {
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

/// What a program prints.
pub fn run(python: &str, program: &str, folder: &std::path::Path) -> String {
    let output = Command::new(python).args(["-c", program]).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
