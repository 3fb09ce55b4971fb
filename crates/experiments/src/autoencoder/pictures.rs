//! What layers and networks look like: filters, activations, reconstructions.

use anyhow::Result;
use engine::figures::{Better, Line, Metric, Strip};
use engine::rows::READING;
use engine::{Finished, Task};
use report::RowKind;

use super::layer::PICTURES;
use super::looks::SHOWN;
use super::network::NETWORKS;
use super::stack::{LAYERS, Layers};
use crate::data::Digits;
use crate::filters::{Filters, Sheet};
use crate::networks::NETWORK;
use crate::recipe::{Drawing, slug};

/// How close reconstructions come.
pub(super) const EXPLAINED: Metric =
    Metric::percent("explained", "of the variance explained", Better::Higher).decimals(1);
/// Images whose reconstructions are shown.
const REBUILT: usize = 20;
/// Pictures in a line.
const PER_LINE: usize = 20;

/// Filters, activations and reconstructions of all layers of the protocol, of the first seed.
pub(super) fn draw(stacks: &[Layers], drawing: &mut Drawing<'_>) -> Result<()> {
    filters(drawing)?;
    activations(drawing)?;
    for stack in stacks {
        reconstructions(stack.name, drawing)?;
    }
    Ok(())
}

fn shown<'a>(finished: &Finished<'a>, role: &'static str) -> Vec<&'a Task> {
    finished.shown(role).filter(|task| task.columns.get(READING).is_empty()).collect()
}

fn filters(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let mut sheets: Vec<Sheet> = Vec::new();
    for task in shown(finished, LAYERS) {
        let own = finished.tensors(task, PICTURES)?.f32s("filters")?.to_vec();
        sheets.push((task.columns.get("model").to_owned(), own));
    }
    let figure = Filters {
        file: "filters.svg",
        title: "Filters of the layers",
        size: Digits::SIZE,
        per_line: PER_LINE,
        caption: "The weights of the first hundred units of each layer on the pixels, each on its own scale: red turns it on, blue \
                  turns it off. Those of a higher layer are seen through the weights of the layers below, W₁W₂ and W₁W₂W₃, as if \
                  the units between were linear.",
        alt: "A hundred weights as pictures for each layer.",
        stamp: drawing.stamp(),
    };
    figure.sheets(&sheets, SHOWN, &mut drawing.drawn);
    Ok(())
}

/// Activations as squares, for layers whose units fill one: a figure for each layer, whose squares differ in size.
fn activations(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    for task in shown(finished, LAYERS) {
        let file = finished.tensors(task, PICTURES)?;
        let units = file.tensor("codes")?.shape.get(1).copied().unwrap_or(0);
        let edge = units.isqrt();
        if edge * edge != units {
            continue;
        }
        let model = task.columns.get("model");
        let line = Line {
            label: format!("{model}: {units} units as {edge} × {edge}"),
            pixels: file.f32s("codes")?.to_vec(),
            place: vec![("model".into(), model.into())],
            values: None,
            kind: RowKind::Plain,
        };
        let strip = Strip {
            name: &format!("activations-{}", slug(model)),
            title: "Activations on test images",
            size: (edge, edge),
            per_line: PER_LINE,
            metrics: &[],
            caption: "The activations of a layer on a hundred clean test images, the units of an image in a square: white is 0, \
                      black is 1. Neighbours in a square have nothing in common.",
            alt: "A hundred squares of activations.",
        };
        drawing.strip(&strip, &[line]);
    }
    Ok(())
}

/// Images, the same with noise, and what each depth of a stack makes of those.
fn reconstructions(stack: &str, drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let mut lines: Vec<Line> = Vec::new();
    for task in shown(finished, LAYERS).into_iter().filter(|task| task.columns.get("stack") == stack) {
        let file = finished.tensors(task, PICTURES)?;
        let (height, width) = Digits::SIZE;
        let some = |name: &str| -> Result<Vec<f32>> {
            let all = file.f32s(name)?;
            Ok(all[..all.len().min(REBUILT * height * width)].to_vec())
        };
        let line = |label: &str, pixels: Vec<f32>, values, kind| Line {
            label: label.to_owned(),
            pixels,
            place: vec![("model".into(), task.columns.get("model").into())],
            values,
            kind,
        };
        if lines.is_empty() {
            lines.push(line("test images", some("images")?, Some(vec![100.0]), RowKind::Reference));
            let noisy = finished.rows(task)?.rows.into_iter().find(|row| row.metric == "explained_noisy");
            let explained = noisy.map_or(f64::NAN, |row| EXPLAINED.factor() * row.value);
            lines.push(line("with noise", some("noisy")?, Some(vec![explained]), RowKind::Reference));
        }
        lines.push(line(task.columns.get("model"), some("reconstructions")?, None, RowKind::Plain));
    }
    let strip = Strip {
        name: &format!("reconstructions-{}", slug(stack)),
        title: "Reconstructions of noisy test images",
        size: Digits::SIZE,
        per_line: PER_LINE,
        metrics: &[EXPLAINED],
        caption: "Test images, the same with masked pixels, and what each layer makes of those through the layers below it; beside \
                  them how much of the variance of pixels over 1000 test images is explained.",
        alt: "Rows of digits: clean, noisy, and reconstructed by each layer.",
    };
    drawing.strip(&strip, &lines);
    Ok(())
}

/// The filters of the first hundred units of a network that sees all pixels at once; none of a convolutional one.
pub(super) fn of_network(finished: &Finished<'_>, task: &Task) -> Result<Option<Vec<f32>>> {
    let file = finished.tensors(task, NETWORK)?;
    let (height, width) = Digits::SIZE;
    let weights = file.tensor("layers.0.weight")?;
    if weights.shape.get(1) != Some(&(height * width)) {
        return Ok(None);
    }
    let all = file.f32s("layers.0.weight")?;
    Ok(Some(all[..all.len().min(SHOWN * height * width)].to_vec()))
}

/// First-layer filters of the networks of fewest images, after their last epoch.
pub(super) fn first_layers(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let tasks = shown(finished, NETWORKS);
    let images = tasks.last().map_or("", |task| task.columns.get("images"));
    let mut sheets: Vec<Sheet> = Vec::new();
    for task in tasks.iter().filter(|task| task.columns.get("images") == images) {
        let own = of_network(finished, task)?;
        sheets.extend(own.map(|own| (task.columns.get("network").to_owned(), own)));
    }
    let figure = Filters {
        file: "filters-networks.svg",
        title: "First-layer filters of the networks",
        size: Digits::SIZE,
        per_line: PER_LINE,
        caption: &format!(
            "The weights of the first hundred hidden units on the pixels after the last epoch on {images} images, each on its own \
             scale: red turns a unit on, blue turns it off."
        ),
        alt: "A hundred weights as pictures for each network.",
        stamp: drawing.stamp(),
    };
    figure.sheets(&sheets, SHOWN, &mut drawing.drawn);
    Ok(())
}
