//! A folder of results as a research object: `ro-crate-metadata.json` after RO-Crate 1.2, a graph of JSON-LD in which every file has its
//! size and SHA-256, and a `CreateAction` says which program made them, by which command, on what machine.
//!
//! Authors and licences are those of the program's citation. Who ran it is not known, and nobody is named.

use serde_json::{Map, Value, json};

use crate::citation::{Author, Citation};

/// The name of the file, in the folder that it describes.
pub const METADATA: &str = "ro-crate-metadata.json";

/// A file of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path below the folder, `/` between names.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// What it is, in a few words; where it is empty, the kind of file that its ending tells stands for it.
    pub about: String,
}

/// What there is to say of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description<'a> {
    /// What the folder is called.
    pub name: &'a str,
    /// What is in it.
    pub about: &'a str,
    /// The day on which the description is made, `2031-02-28`.
    pub date: &'a str,
    /// The command that makes the results.
    pub command: &'a str,
    /// The program that it runs.
    pub software: &'a Citation,
    /// Where the program is found, if that is known: RO-Crate 1.2 wants an address of software. [`commit_address`] makes one for a
    /// program that is published nowhere.
    pub source: Option<&'a str>,
    /// What is known of the machine and the build: names and values.
    pub host: &'a [(String, String)],
    /// The files.
    pub files: &'a [Entry],
}

const ACTION: &str = "#run";
const SOFTWARE: &str = "#software";

/// The file's bytes; the same description gives the same ones.
pub fn metadata(of: &Description<'_>) -> Vec<u8> {
    let authors: Vec<Value> = (1..=of.software.authors.len()).map(|n| reference(&author_id(n))).collect();
    let licences: Vec<Value> = of.software.licences.iter().map(|id| reference(&spdx(id))).collect();
    let parts: Vec<Value> = of.files.iter().map(|file| reference(&address(&file.path))).collect();
    let host: Vec<Value> = (1..=of.host.len()).map(|n| reference(&host_id(n))).collect();
    let mut software = json!({
        "@id": SOFTWARE,
        "@type": "SoftwareApplication",
        "name": of.software.title,
        "version": of.software.version,
        "softwareVersion": of.software.version,
        "license": one_or_all(&licences),
        "author": one_or_all(&authors),
    });
    if let Some(source) = of.source {
        software["url"] = json!(source);
    }
    let mut graph = vec![
        json!({
            "@id": METADATA,
            "@type": "CreativeWork",
            "conformsTo": reference("https://w3id.org/ro/crate/1.2"),
            "about": reference("./"),
        }),
        json!({
            "@id": "./",
            "@type": "Dataset",
            "name": of.name,
            "description": of.about,
            "datePublished": of.date,
            "license": one_or_all(&licences),
            "author": one_or_all(&authors),
            "hasPart": one_or_all(&parts),
            "mentions": reference(ACTION),
        }),
        software,
        json!({
            "@id": ACTION,
            "@type": "CreateAction",
            "name": format!("Run of {}", of.software.title),
            "description": format!("Made by the command: {}", of.command),
            "instrument": reference(SOFTWARE),
            "result": reference("./"),
            "additionalProperty": one_or_all(&host),
        }),
    ];
    graph.extend(of.software.authors.iter().enumerate().map(|(i, author)| person(i + 1, author)));
    graph.extend(of.software.licences.iter().map(|id| licence(id)));
    graph.extend(of.host.iter().enumerate().map(
        |(i, (name, value))| json!({ "@id": host_id(i + 1), "@type": "PropertyValue", "name": name, "value": value }),
    ));
    graph.extend(of.files.iter().map(file));
    let context = json!(["https://w3id.org/ro/crate/1.2/context", { "sha256": "https://schema.org/sha256" }]);
    let whole = json!({ "@context": context, "@graph": graph });
    let mut text = serde_json::to_string_pretty(&whole).expect("a tree of texts and numbers is JSON");
    text.push('\n');
    text.into_bytes()
}

fn reference(id: &str) -> Value {
    json!({ "@id": id })
}

/// A single value stands for itself.
fn one_or_all(values: &[Value]) -> Value {
    if let [only] = values { only.clone() } else { Value::Array(values.to_vec()) }
}

fn author_id(number: usize) -> String {
    format!("#author-{number}")
}

fn host_id(number: usize) -> String {
    format!("#host-{number}")
}

fn person(number: usize, author: &Author) -> Value {
    let mut entity = Map::new();
    entity.insert("@id".to_owned(), json!(author_id(number)));
    let kind = if matches!(author, Author::Group(_)) { "Organization" } else { "Person" };
    entity.insert("@type".to_owned(), json!(kind));
    entity.insert("name".to_owned(), json!(author.to_string()));
    if let Author::Person(given, family) = author {
        entity.insert("givenName".to_owned(), json!(given));
        entity.insert("familyName".to_owned(), json!(family));
    }
    Value::Object(entity)
}

/// The address of a licence on the list of SPDX.
fn spdx(id: &str) -> String {
    format!("https://spdx.org/licenses/{id}")
}

fn licence(id: &str) -> Value {
    json!({
        "@id": spdx(id),
        "@type": "CreativeWork",
        "name": id,
        "description": format!("The licence {id}, by its identifier on the SPDX list"),
        "identifier": id,
    })
}

fn file(file: &Entry) -> Value {
    let mut entity = Map::new();
    let mut add = |key: &str, value: Value| drop(entity.insert(key.to_owned(), value));
    add("@id", json!(address(&file.path)));
    add("@type", json!("File"));
    add("name", json!(file.path));
    add("contentSize", json!(file.bytes.to_string()));
    add("sha256", json!(file.sha256));
    let (format, kind) = format_of(&file.path);
    add("encodingFormat", json!(format));
    add("description", json!(if file.about.is_empty() { kind } else { &file.about }));
    Value::Object(entity)
}

/// The media type of a file and what kind of file it is, by its ending.
fn format_of(path: &str) -> (&'static str, &'static str) {
    match path.rsplit('.').next().unwrap_or_default() {
        "csv" => ("text/csv", "A table"),
        "html" => ("text/html", "A page"),
        "json" => ("application/json", "What programs read of the run"),
        "md" => ("text/markdown", "A text"),
        "png" => ("image/png", "A picture"),
        "safetensors" => ("application/octet-stream", "Tensors: weights, samples or states"),
        "svg" => ("image/svg+xml", "A figure"),
        _ => ("application/octet-stream", "Other bytes of the run"),
    }
}

/// A path as a relative address: all but letters, digits and `-._~/` as bytes with a percent sign.
fn address(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The address of a commit wherever a copy of it lies: its identifier after ISO/IEC 18670 (SWHID).
pub fn commit_address(commit: &str) -> String {
    format!("swh:1:rev:{commit}")
}

/// The day of so many seconds after the beginning of 1970 in universal time, `2031-02-28`.
pub fn day(seconds: u64) -> String {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let (mut left, mut year) = (seconds / 86_400, 1970);
    while left >= 365 + u64::from(is_leap(year)) {
        left -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while left >= lengths[month] {
        left -= lengths[month];
        month += 1;
    }
    format!("{year}-{:02}-{:02}", month + 1, left + 1)
}
