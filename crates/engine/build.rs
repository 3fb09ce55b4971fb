//! Notes the compiler and the target for host files.

use std::process::Command;

fn main() {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let output = Command::new(rustc).arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=GLYPHLAB_RUSTC={}", version.unwrap_or_default());
    println!("cargo::rustc-env=GLYPHLAB_TARGET={target}");
    println!("cargo::rerun-if-changed=build.rs");
}
