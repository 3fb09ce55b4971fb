//! The compiled module, run by Node.js as the page's script runs it: the bits of the native run. Needs `node`, and a module: the
//! file that `GLYPHLAB_BROWSER_MODULE` names, or one that is compiled here if the target is installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use browser::{Native, page};

const TARGET: &str = "wasm32-unknown-unknown";

/// What the page does in a browser, without the pictures: the first native run again, and its digest.
const SCRIPT: &str = r#"
const text = require("fs").readFileSync(process.argv[2], "utf8");
const constant = (name) => JSON.parse(text.match(new RegExp("^const " + name + " = (.*);$", "m"))[1]);
WebAssembly.instantiate(Buffer.from(constant("MODULE"), "base64"), {}).then(({ instance }) => {
  const call = (name, a = 0, b = 0) => instance.exports.call(constant("OPERATIONS").indexOf(name), a, b);
  const [native] = constant("NATIVE");
  const bits = [...native.letters].reduce((sum, name) => sum + 2 ** parseInt(name, 36), 0);
  call("addDrawn", bits);
  call("begin", native.seed, native.hidden);
  for (let epoch = 0; epoch < native.epochs; epoch++) call("epoch");
  call("writeFile");
  let here = "";
  for (let i = 0; i < 64; i++) here += String.fromCharCode(call("digestDigit", i));
  console.log(native.letters, native.digest, here);
});
"#;

/// What a program prints; none if it is not there or fails.
fn answers(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::inherit()).output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

/// A compiled module; none where nobody names one and the target is not installed.
fn module() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("GLYPHLAB_BROWSER_MODULE") {
        return Some(path.into());
    }
    let libraries = answers("rustc", &["--print", "target-libdir", "--target", TARGET])?;
    if !Path::new(libraries.trim()).is_dir() {
        return None;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("target/browser");
    let arguments =
        ["build", "--release", "--package", "browser", "--lib", "--target", TARGET, "--target-dir"];
    let status = Command::new(env!("CARGO")).args(arguments).arg(&folder).current_dir(&root).status();
    assert!(status.unwrap().success(), "the module does not compile");
    Some(folder.join(TARGET).join("release/browser.wasm"))
}

#[test]
fn the_compiled_machine_learns_the_bits_of_the_native_one() {
    let module = answers("node", &["--version"]).and_then(|_| module());
    let Some(module) = module else {
        eprintln!("skipped: no node, or neither {TARGET} nor GLYPHLAB_BROWSER_MODULE");
        return;
    };
    let native = Native::run("7zA", 100, 4, 2);
    let text = page(&std::fs::read(module).unwrap(), std::slice::from_ref(&native));
    assert!(text.len() < 2 << 20, "a page of {} bytes", text.len());
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let said = answers("node", &[&write("page.js", SCRIPT), &write("page.html", &text)]);
    let said = said.expect("the script ends well");
    assert_eq!(said.split_whitespace().collect::<Vec<_>>(), ["7AZ", &native.digest, &native.digest]);
}
