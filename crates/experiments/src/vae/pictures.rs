//! Pictures of autoencoders: what they draw, what they make of test images, and their latent spaces.

use anyhow::{Context, Result};
use engine::Task;
use engine::figures::{Better, Line, Metric, Place, Strip};
use report::{
    Axis, Chart, GreyImage, GridStyle, INK_OF_REAL, INK_OF_REPORT, LegendSide, Mark, Panel, PanelFigure,
    Point, RowKind, SLOTS, Series, StripFigure, StripRow,
};

use super::look::SEEN;
use super::recipe::{LOOKS, PICTURES, RECONSTRUCTIONS, SAMPLES, TEST, Vaes};
use super::train::Seen;
use crate::arena::Samples;
use crate::data::Digits;
use crate::recipe::Drawing;

pub(super) const RECOGNISED_SHARE: Metric =
    Metric::percent("recognised", "recognised", Better::Higher).decimals(0);
pub(super) const BLURRED: Metric = Metric::percent("blurred", "blurred", Better::Lower).decimals(0);
/// Pictures of each row.
const SHOWN: usize = 20;
const PIXELS: usize = Digits::SIZE.0 * Digits::SIZE.1;

/// A row of pictures with the numbers of a model.
fn line(label: &str, pixels: Vec<f32>, (model, pictures): (&str, &str), kind: RowKind) -> Line {
    let place: Place = vec![("model".into(), model.into()), ("pictures".into(), pictures.into())];
    Line { label: label.to_owned(), pixels, place, values: None, kind }
}

/// The first pictures of one kind of a task.
fn first(drawing: &Drawing<'_>, task: &Task) -> Result<Vec<f32>> {
    let file = drawing.finished.tensors(task, crate::greedy::SAMPLES)?;
    let all = Samples::of(&file)?.0.into_vec();
    Ok(all[..all.len().min(SHOWN * PIXELS)].to_vec())
}

fn strip<'a>(name: &'a str, title: &'a str, caption: &'a str, alt: &'a str) -> Strip<'a> {
    Strip {
        name,
        title,
        size: Digits::SIZE,
        per_line: 10,
        metrics: &[RECOGNISED_SHARE, BLURRED],
        caption,
        alt,
    }
}

/// What is drawn from the prior, under test images.
pub(super) fn samples(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let mut lines = Vec::new();
    if let Some(task) = finished.shown(LOOKS).next() {
        let images = finished.tensors(task, SEEN)?.f32s("images")?.to_vec();
        lines.push(line(TEST, images, (TEST, TEST), RowKind::Reference));
    }
    for task in finished.shown(PICTURES).filter(|task| task.columns.get("pictures") == SAMPLES) {
        let model = task.columns.get("model");
        lines.push(line(model, first(drawing, task)?, (model, SAMPLES), RowKind::Plain));
    }
    let strip = strip(
        "samples",
        "Digits drawn from the prior",
        "The first twenty pictures of each autoencoder: means of the pixels, given latent variables from N(0, 1). Beside them which \
         share of all pictures the classifier is sure of, and which is blurrier than all but one in twenty of real images.",
        "Rows of digits, test images above those that autoencoders draw.",
    );
    drawing.strip(&strip, &lines);
    Ok(())
}

/// What is made of test images, under these.
pub(super) fn reconstructions(recipe: &Vaes, drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let (mut lines, mut seen) = (Vec::new(), None);
    for model in recipe.models {
        let own = |task: &&Task| task.columns.get("model") == model.name;
        let Some(look) = finished.shown(LOOKS).find(own) else { continue };
        let made = |task: &&Task| own(task) && task.columns.get("pictures") == RECONSTRUCTIONS;
        let Some(made) = finished.shown(PICTURES).find(made) else { continue };
        if seen != Some(model.seen) {
            seen = Some(model.seen);
            let images = finished.tensors(look, SEEN)?.f32s("images")?.to_vec();
            lines.push(match model.seen {
                Seen::Grey => line(TEST, images, (TEST, TEST), RowKind::Reference),
                // Nobody was asked about these.
                Seen::Drawn => line("the same, drawn", images, (TEST, "drawn"), RowKind::Reference),
            });
        }
        let label = format!("made of them by the {}", model.name);
        let place = (model.name, RECONSTRUCTIONS);
        lines.push(line(&label, first(drawing, made)?, place, RowKind::Plain));
    }
    let strip = strip(
        "reconstructions",
        "Reconstructions of test images",
        "The first twenty test images, and what each autoencoder decodes from the mean of their latent variables.",
        "Pairs of rows of digits: test images, and their reconstructions.",
    );
    drawing.strip(&strip, &lines);
    Ok(())
}

/// What is inside the report's autoencoder, of the first seed.
fn inside<'a>(recipe: &Vaes, drawing: &Drawing<'a>) -> Result<&'a Task> {
    let name = recipe.models.first().map_or("", |model| model.name);
    let found = drawing.finished.shown(LOOKS).find(|task| task.columns.get("model") == name);
    found.with_context(|| format!("nothing was seen inside of the {name}"))
}

/// Where test images lie in the latent plane, a colour for each class.
pub(super) fn latent(recipe: &Vaes, drawing: &mut Drawing<'_>) -> Result<()> {
    let file = drawing.finished.tensors(inside(recipe, drawing)?, SEEN)?;
    let (latent, labels) = (file.f32s("latent")?, file.bytes("labels")?);
    let places: Vec<(f64, f64)> =
        latent.chunks_exact(2).map(|z| (f64::from(z[0]), f64::from(z[1]))).collect();
    let mut chart = Chart::new(
        "Where test images lie in the latent plane",
        Axis::linear("first latent variable"),
        Axis::linear("second latent variable"),
    );
    for class in 0..10u8 {
        let own = places.iter().zip(labels).filter(|(_, label)| **label == class);
        let mut points: Vec<Point> = own.map(|(&(x, y), _)| Point::new(x, y)).collect();
        points.sort_by(|a, b| a.x.total_cmp(&b.x));
        // Ten classes and eight colours: the last two have the looks that other charts keep for what results are held against.
        let ink = match usize::from(class) {
            slot if slot < SLOTS => slot,
            SLOTS => INK_OF_REPORT,
            _ => INK_OF_REAL,
        };
        chart.series.push(Series { ink: Some(ink), ..Series::new(&class.to_string(), Mark::Points, points) });
    }
    (chart.size, chart.legend, chart.stamp) = ((400.0, 400.0), LegendSide::Below, drawing.stamp());
    drawing.show(
        "latent.svg",
        report::Figure::chart(&chart),
        &format!(
            "The means of the latent variables of {} test images, which classes they are of was not learnt.",
            labels.len()
        ),
        "A cloud of points in ten colours around zero; most classes have a place of their own.",
    );
    Ok(())
}

/// A grid of decoded points of the latent plane, at its real size.
pub(super) fn manifold(recipe: &Vaes, drawing: &mut Drawing<'_>) -> Result<()> {
    let file = drawing.finished.tensors(inside(recipe, drawing)?, SEEN)?;
    let pixels = file.f32s("manifold")?;
    let (height, width) = Digits::SIZE;
    let style = GridStyle { columns: recipe.grid, scale: 1, gap: 0, ..GridStyle::default() };
    let png = report::png_grid(&tiles(pixels), &style);
    let whole = mosaic(pixels, recipe.grid);
    let side = recipe.grid * height;
    let panel = Panel { images: vec![GreyImage::new(&whole, side, recipe.grid * width)], ..Panel::default() };
    let figure = PanelFigure {
        title: format!("The latent plane, {0} × {0} digits", recipe.grid),
        panels: vec![panel],
        columns: 1,
        scale: 1,
        stamp: drawing.stamp(),
        ..PanelFigure::default()
    };
    drawing.show(
        "manifold.svg",
        report::panels(&figure),
        "What the decoder makes of a grid over the plane, every cell as likely under the prior as any other: both latent variables at \
         Φ⁻¹((i + ½)/n), the first to the right, the second upwards.",
        "A square of digits that change smoothly into each other.",
    );
    drawing.files.push(("manifold.png".to_owned(), png));
    Ok(())
}

/// `n × n` pictures one after another as one picture without gaps.
fn mosaic(pixels: &[f32], n: usize) -> Vec<f32> {
    let (height, width) = Digits::SIZE;
    let row = |line: usize| {
        let (tiles, inside) = (line / height * n, line % height);
        (0..n).flat_map(move |tile| {
            let begin = (tiles + tile) * PIXELS + inside * width;
            pixels[begin..begin + width].iter().copied()
        })
    };
    (0..n * height).flat_map(row).collect()
}

/// Pictures on the way from one test image to another, at their real size.
pub(super) fn interpolation(recipe: &Vaes, drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let mut paths: Vec<(String, Vec<f32>)> = Vec::new();
    for model in recipe.models {
        let own = |task: &&Task| task.columns.get("model") == model.name;
        let Some(task) = finished.shown(LOOKS).find(own) else { continue };
        let file = finished.tensors(task, SEEN)?;
        let (ends, between) = (file.f32s("ends")?, file.f32s("paths")?);
        let each = recipe.steps * PIXELS;
        for (number, [from, to]) in recipe.pairs.iter().enumerate() {
            let [begin, end] = [2 * number, 2 * number + 1].map(|i| &ends[i * PIXELS..(i + 1) * PIXELS]);
            let pixels = [begin, &between[number * each..(number + 1) * each], end].concat();
            paths.push((format!("{}: from a {from} to a {to}", model.name), pixels));
        }
    }
    let rows = paths.iter().map(|(label, pixels)| StripRow {
        label: label.clone(),
        images: tiles(pixels),
        ..StripRow::default()
    });
    let columns = recipe.steps + 2;
    let figure = StripFigure {
        title: "From one test image to another".into(),
        rows: rows.collect(),
        images_per_line: columns,
        scale: 1,
        stamp: drawing.stamp(),
        ..StripFigure::default()
    };
    drawing.show(
        "interpolation.svg",
        report::Figure::strips(&figure),
        "First and last in each row: test images. Between them what is decoded in equal steps on the straight line between the means of \
         their latent variables.",
        "Rows of digits that turn from one digit into another.",
    );
    let all: Vec<GreyImage<'_>> = paths.iter().flat_map(|(_, pixels)| tiles(pixels)).collect();
    let png = report::png_grid(&all, &GridStyle { columns, ..GridStyle::default() });
    drawing.files.push(("interpolation.png".to_owned(), png));
    Ok(())
}

/// Pictures of digits one after another.
fn tiles(pixels: &[f32]) -> Vec<GreyImage<'_>> {
    let (height, width) = Digits::SIZE;
    pixels.chunks_exact(PIXELS).map(|tile| GreyImage::new(tile, height, width)).collect()
}

#[cfg(test)]
mod tests {
    use super::{PIXELS, mosaic};

    #[test]
    fn a_mosaic_puts_every_picture_in_its_cell() {
        let pixels: Vec<f32> = (0..4 * PIXELS).map(|i| (i / PIXELS) as f32).collect();
        let whole = mosaic(&pixels, 2);
        let at = |row: usize, column: usize| whole[row * 56 + column];
        assert_eq!([at(0, 0), at(0, 28), at(55, 27), at(55, 55)], [0.0, 1.0, 2.0, 3.0]);
        assert_eq!([at(27, 27), at(28, 27), at(27, 28)], [0.0, 2.0, 1.0]);
    }
}
