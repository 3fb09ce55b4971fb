//! One HTML file with everything inside: the compiled module in base64, script, style, and the digests of a native run.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::letters::{EXAMPLES, drawn, named, of_classes};
use crate::operation::Operation;
use crate::session::{BATCH, RATE, train};

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Digits of a digest in the table; the page compares all of them.
const PREFIX: usize = 16;

/// What a native run came to: the page holds its own digest against this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Native {
    /// The characters that were learnt, each once, in the order of their classes.
    pub letters: String,
    /// Hidden units.
    pub hidden: usize,
    /// Passes over the letters.
    pub epochs: usize,
    /// The seed of everything.
    pub seed: u64,
    /// SHA-256 of the file of weights, in hexadecimal digits.
    pub digest: String,
}

impl Native {
    /// Trains here and now.
    ///
    /// # Panics
    /// If no character has a name that is in `letters`, or there is no hidden unit.
    pub fn run(letters: &str, hidden: usize, epochs: usize, seed: u64) -> Self {
        let session = train(seed, &of_classes(&drawn(), letters), hidden, epochs);
        Self { letters: named(letters), hidden, epochs, seed, digest: session.digest() }
    }

    fn json(&self) -> String {
        let Self { letters, hidden, epochs, seed, digest } = self;
        format!(
            r#"{{"letters":"{letters}","hidden":{hidden},"epochs":{epochs},"seed":{seed},"digest":"{digest}"}}"#
        )
    }

    fn row(&self) -> String {
        let Self { letters, hidden, epochs, seed, digest } = self;
        let digest = &digest[..PREFIX];
        format!(
            "<tr><td>{letters}</td><td>{hidden}</td><td>{epochs}</td><td>{seed}</td><td><code>{digest}</code></td></tr>\n"
        )
    }
}

/// The page: `module` is the compiled WebAssembly, `natives` are runs of this machine. The first of them is what the page opens
/// with.
///
/// # Panics
/// If there is no native run.
pub fn page(module: &[u8], natives: &[Native]) -> String {
    let first = natives.first().expect("a page is held against a native run");
    let (mut rows, mut runs) = (String::new(), String::new());
    for native in natives {
        rows += &native.row();
        let comma = if runs.is_empty() { "" } else { "," };
        write!(runs, "{comma}{}", native.json()).expect("a string takes what is written");
    }
    let values = [
        ("style", STYLE.to_owned()),
        ("rows", rows),
        ("letters", first.letters.clone()),
        ("hidden", first.hidden.to_string()),
        ("epochs", first.epochs.to_string()),
        ("seed", first.seed.to_string()),
        ("examples", EXAMPLES.to_string()),
        ("batch", BATCH.to_string()),
        ("rate", RATE.to_string()),
        ("operations", format!("{:?}", Operation::ALL.map(Operation::script_name))),
        ("runs", format!("[{runs}]")),
        ("script", SCRIPT.to_owned()),
        ("module", STANDARD.encode(module)),
    ];
    let fill =
        |text: String, (name, value): &(&str, String)| text.replace(&format!("{{{{ {name} }}}}"), value);
    values.iter().fold(TEMPLATE.to_owned(), fill)
}
