//! Strips of letters to be rated by eye without knowing what drew them, and how far fidelity agrees with the ratings.
//!
//! ```text
//! cargo run --release -p experiments --example blind -- sheets results/paper/points FOLDER
//! cargo run --release -p experiments --example blind -- scores results/paper/points FOLDER > ratings.csv
//! ```
//!
//! `sheets` picks strips of sixteen samples among the points of finished runs, and plants others: real images, copies of one
//! image, blank paper, pixel noise, real images with one or two blank ones among them. It shuffles all of them by a fixed seed and writes
//! numbered sheets, `sheet-01.svg` and so on, which say nothing but the number, and `key.csv`, not to be looked at. Whoever
//! rates writes `ratings.txt` beside them: a line a strip, its number, `good` or `poor` (a reader recognises a clear
//! character in at least 14 of 16), `varied` or `same` (different drawings, or one again and again). `scores` joins all three: what a strip was,
//! its ratings, and the scores of all the samples that it was taken from.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};
use experiments::data::{Data, Letters};
use quality::Fidelity;
use report::{GreyImage, StripFigure, StripRow, strips};
use serde_json::Value;
use tensor::{Seed, Stream};
use train::Snapshot;

/// Strips that models drew.
const DRAWN: usize = 200;
/// Strips of each kind of plant.
const PLANTED: usize = 7;
const PLANTS: [&str; 6] = ["real", "copies", "blank", "noise", "one blank", "two blank"];
/// Samples in a strip.
const SHOWN: usize = 16;
/// Strips on a sheet.
const SHEET: usize = 20;
/// Samples that a planted strip is scored by.
const SAMPLES: usize = 200;
const SEED: u64 = 2024;

/// What a strip is.
struct Strip {
    /// A point's key, or a plant's name.
    what: String,
    characters: String,
    /// Images, one after another.
    samples: Vec<f32>,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [verb, points, folder] = &arguments[..] else { bail!("usage: blind sheets|scores POINTS FOLDER") };
    let (points, folder) = (Path::new(points), Path::new(folder));
    let letters = Data::new(fetch::Options::from_environment()).letters()?;
    match verb.as_str() {
        "sheets" => sheets(&chosen(points, &letters)?, folder),
        "scores" => scores(points, folder, &letters),
        other => bail!("expected sheets or scores, found {other:?}"),
    }
}

/// All strips in the order in which they are shown.
fn chosen(points: &Path, letters: &Letters) -> Result<Vec<Strip>> {
    let mut noise = Seed::new(SEED).stream();
    let mut drawn: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(points)? {
        let path = entry?.path();
        if path.join("samples.safetensors").is_file() && path.join("manifest.json").is_file() {
            drawn.push(path);
        }
    }
    drawn.sort();
    let order = noise.permutation(drawn.len());
    let mut all: Vec<Strip> =
        order.iter().take(DRAWN).map(|&i| of_point(&drawn[i])).collect::<Result<_>>()?;
    let sets: Vec<String> = all.iter().map(|strip| strip.characters.clone()).collect();
    for plant in PLANTS {
        for _ in 0..PLANTED {
            let characters = sets[noise.below(sets.len())].clone();
            let samples = planted(plant, &characters, letters, &mut noise)?;
            all.push(Strip { what: plant.to_owned(), characters, samples });
        }
    }
    let order = noise.permutation(all.len());
    let mut all: Vec<Option<Strip>> = all.into_iter().map(Some).collect();
    Ok(order.into_iter().filter_map(|i| all[i].take()).collect())
}

/// The samples of a point of letters.
fn of_point(path: &Path) -> Result<Strip> {
    let manifest: Value = serde_json::from_slice(&fs::read(path.join("manifest.json"))?)?;
    let characters = manifest["config"]["job"]["learned"]["letters"]["characters"].as_str();
    let characters = characters.with_context(|| format!("{}: no letters", path.display()))?.to_owned();
    let (file, _) = Snapshot::decode(&fs::read(path.join("samples.safetensors"))?)?;
    let samples = file.bytes("states")?.iter().map(|&on| f32::from(on)).collect();
    let what = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Strip { what, characters, samples })
}

/// Images that no model drew.
fn planted(plant: &str, characters: &str, letters: &Letters, noise: &mut Stream) -> Result<Vec<f32>> {
    let members = letters.images.of_classes(&letters.labels(characters)?);
    let pixels = letters.images.features();
    let image = |noise: &mut Stream| members[noise.below(members.len())];
    let one = image(noise);
    let blanks = match plant {
        "one blank" => 1,
        "two blank" => 2,
        _ => 0,
    };
    let mean: Vec<f32> = {
        let all = letters.images.to_matrix(&members);
        (0..pixels).map(|p| all.columns().map(|image| image[p]).sum::<f32>() / members.len() as f32).collect()
    };
    let mut samples = Vec::with_capacity(SAMPLES * pixels);
    for place in 0..SAMPLES {
        match plant {
            "blank" => samples.extend(std::iter::repeat_n(0.0, pixels)),
            "noise" => samples.extend(mean.iter().map(|&p| f32::from(u8::from((noise.unit() as f32) < p)))),
            "copies" => samples.extend(letters.images.to_matrix(&[one]).as_slice()),
            _ if place % SHOWN < blanks => samples.extend(std::iter::repeat_n(0.0, pixels)),
            _ => samples.extend(letters.images.to_matrix(&[image(noise)]).as_slice()),
        }
    }
    Ok(samples)
}

fn sheets(all: &[Strip], folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let (height, width) = Letters::SIZE;
    let mut key = String::from("number,what,characters\n");
    for (sheet, rows) in all.chunks(SHEET).enumerate() {
        let mut shown = Vec::new();
        for (place, strip) in rows.iter().enumerate() {
            let images = strip.samples.chunks_exact(height * width).take(SHOWN);
            shown.push(StripRow {
                label: (sheet * SHEET + place + 1).to_string(),
                images: images.map(|pixels| GreyImage::new(pixels, height, width)).collect(),
                ..StripRow::default()
            });
        }
        let rows = shown;
        let figure = StripFigure { rows, images_per_line: SHOWN, scale: 2, ..StripFigure::default() };
        fs::write(folder.join(format!("sheet-{:02}.svg", sheet + 1)), strips(&figure))?;
    }
    for (place, strip) in all.iter().enumerate() {
        key += &format!("{},{},{}\n", place + 1, strip.what, strip.characters);
    }
    fs::write(folder.join("key.csv"), key)?;
    println!("{} strips", all.len());
    Ok(())
}

fn scores(points: &Path, folder: &Path, letters: &Letters) -> Result<()> {
    let mut ratings: BTreeMap<usize, (String, String)> = BTreeMap::new();
    for line in fs::read_to_string(folder.join("ratings.txt"))?.lines() {
        let [number, good, varied] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            bail!("{line:?}")
        };
        ensure!(["good", "poor"].contains(&good) && ["varied", "same"].contains(&varied), "{line:?}");
        ratings.insert(number.parse()?, (good.to_owned(), varied.to_owned()));
    }
    let all = chosen(points, letters)?;
    let key = fs::read_to_string(folder.join("key.csv"))?;
    let reference = letters.reference();
    let mut header = None;
    for (place, strip) in all.iter().enumerate() {
        let line = format!("{},{},{}", place + 1, strip.what, strip.characters);
        ensure!(
            key.lines().nth(place + 1) == Some(&line),
            "the points have changed since the sheets were made"
        );
        let Some((good, varied)) = ratings.get(&(place + 1)) else { continue };
        let labels = letters.labels(&strip.characters)?;
        let ours = reference.score(&strip.samples, &labels);
        let real = reference.floor_for(&labels, strip.samples.len() / letters.images.features());
        let shares = Fidelity::of(&ours, &real).metrics();
        let names: Vec<&str> = shares.iter().map(|(name, _)| *name).collect();
        if header.is_none() {
            println!("number,what,characters,rated,variety,{}", names.join(","));
            header = Some(());
        }
        let shares: Vec<String> = shares.iter().map(|(_, share)| format!("{share:.4}")).collect();
        let kind = if PLANTS.contains(&strip.what.as_str()) { &strip.what } else { "drawn" };
        println!("{},{kind},{},{good},{varied},{}", place + 1, strip.characters, shares.join(","));
    }
    Ok(())
}
