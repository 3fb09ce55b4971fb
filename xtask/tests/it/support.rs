//! Folders, runs of the program, and the one uninterrupted run that all others are held against.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use engine::Question;
use engine::digest::sha256;
use experiments::colours::recolour::Picture;
use experiments::registry;

/// What the long tests run: every experiment, the smallest profile, the stand-in that needs no network.
pub const SMOKE: &[&str] = &["--profile", "smoke", "--data", "standin", "--offline"];

/// A folder that goes when its owner does.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        // In memory where the system has such a place: thousands of syncs need not wait for a disk.
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
        let name = format!("glyphlab-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = base.join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// A folder that stays until the tests are run again: statics are never dropped.
    pub fn lasting(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The results of the smoke profile in it.
    pub fn smoke(&self) -> PathBuf {
        self.0.join("smoke")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program, with an environment that says nothing about data, terminals or schedulers.
pub fn xtask(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).env_remove("GLYPHLAB_DATA").stdin(Stdio::null());
    let schedulers = ["SLURM_", "PBS_", "LSB_", "HQ_"];
    let is_one = |name: &str| schedulers.iter().any(|prefix| name.starts_with(prefix));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_one)) {
        command.env_remove(name);
    }
    command
}

pub fn run(arguments: &[&str]) -> Output {
    xtask(arguments).output().unwrap()
}

/// `reproduce all` in the smoke profile with further arguments.
pub fn reproduce(folder: &Folder, more: &[&str]) -> Command {
    reproduce_some("all", folder, more)
}

/// The same of some experiments.
pub fn reproduce_some(what: &str, folder: &Folder, more: &[&str]) -> Command {
    let mut command = xtask(&["reproduce", what]);
    command.args(SMOKE).arg("--out").arg(folder.path()).args(more);
    command
}

pub fn started(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// Names of all files below a folder, sorted.
pub fn list(root: &Path) -> Vec<String> {
    disk::Folder::root(root).files().unwrap().iter().map(ToString::to_string).collect()
}

/// The first experiment of the page.
pub fn first() -> &'static Question {
    registry::catalogue()[0]
}

pub fn save(picture: &Picture, path: &Path) {
    std::fs::write(path, picture.encode()).unwrap();
}

/// The signals in a field of /proc/PID/status, by their numbers: `SigIgn:` are those ignored, `SigCgt:` those caught.
pub fn signals(process: u32, field: &str) -> Vec<u32> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let bits = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or("0");
    let bits = u64::from_str_radix(bits.trim(), 16).unwrap();
    (1..=64).filter(|signal| bits >> (signal - 1) & 1 == 1).collect()
}

/// One line a file, name and digest, without what may differ from run to run. Leftovers show up in it.
pub fn contents(root: &Path) -> String {
    let same = |name: &String| !name.ends_with("host.json") && !name.contains("/.lock-");
    let line = |name: String| format!("{name} {}\n", sha256(&std::fs::read(root.join(&name)).unwrap()));
    list(root).into_iter().filter(same).map(line).collect()
}

/// The first lines in which two folders differ.
pub fn differences(ours: &str, reference: &str) -> Vec<String> {
    let missing = reference.lines().filter(|line| !ours.lines().any(|other| other == *line));
    let extra = ours.lines().filter(|line| !reference.lines().any(|other| other == *line));
    missing.map(|line| format!("- {line}")).chain(extra.map(|line| format!("+ {line}"))).take(10).collect()
}

/// The uninterrupted run.
pub struct Reference {
    pub contents: String,
    pub took: Duration,
    pub points: usize,
    /// Where it is.
    pub folder: Folder,
}

/// Runs everything once, on two threads.
pub fn reference() -> &'static Reference {
    static REFERENCE: OnceLock<Reference> = OnceLock::new();
    REFERENCE.get_or_init(|| {
        let (folder, begun) = (Folder::lasting("reference"), Instant::now());
        let output = reproduce(&folder, &["--threads", "2", "-q"]).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let (contents, points) = (contents(&folder.smoke()), trained(&output));
        assert!(points > 0 && contents.contains("index.html"), "{}", stderr(&output));
        Reference { contents, took: begun.elapsed(), points, folder }
    })
}

/// How many points a run trained, by its summary.
pub fn trained(output: &Output) -> usize {
    let text = stderr(output);
    let line =
        text.lines().find(|line| line.contains(" trained, ")).unwrap_or_else(|| panic!("no summary: {text}"));
    let words: Vec<&str> = line.split_whitespace().collect();
    let place = words.iter().position(|word| *word == "trained,").unwrap();
    words[place - 1].parse().unwrap()
}

/// SplitMix64: instants must be the same in every run of the tests.
pub struct Dice(pub u64);

impl Dice {
    /// Uniform on [0, 1).
    pub fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}
