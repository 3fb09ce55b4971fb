//! Panels, strips and reconstructions as labelled pictures, and as plain PNG grids.

use anyhow::Result;
use engine::figures::{Better, Line, Metric, Place, Strip};
use engine::rows::READING;
use engine::{Task, pick};
use report::{GreyImage, GridStyle, Panel, PanelFigure, RowKind, number};
use train::Values;

use super::metrics::{COVERAGE, FIDELITY, FRECHET, NEAREST, text};
use super::model::{Alpha, Picture, Variant};
use super::plan::{ERRORS, SAMPLED, SCORER};
use super::scorer::REAL;
use crate::data::Letters;
use crate::greedy::{RECONSTRUCTIONS, SAMPLES};
use crate::recipe::Drawing;

/// Samples in a panel.
const PANEL: usize = 4;
/// Samples in a row of a strip.
const STRIP: usize = 16;
/// Originals and reconstructions in a row.
const PAIRS: usize = 16;

pub(super) fn add(alpha: &Alpha, drawing: &mut Drawing<'_>) -> Result<()> {
    match alpha.picture {
        Picture::Panels => panels(alpha, drawing),
        Picture::Strips => strips(alpha, drawing),
        Picture::Reconstructions => reconstructions(alpha, drawing),
    }
}

/// The first `count` pictures of a tensor [n, pixels] in a file of a task, one after another.
fn pixels(
    drawing: &Drawing<'_>,
    task: &Task,
    (file, tensor): (&str, &str),
    count: usize,
) -> Result<Vec<f32>> {
    let file = drawing.finished.tensors(task, file)?;
    let (height, width) = Letters::SIZE;
    let wanted = count * height * width;
    Ok(match &file.tensor(tensor)?.values {
        Values::U8(states) => states.iter().take(wanted).map(|&x| f32::from(x)).collect(),
        _ => file.f32s(tensor)?.iter().take(wanted).copied().collect(),
    })
}

/// Where a model's numbers are found in the evidence, for all seeds.
fn place(task: &Task) -> Place {
    task.columns.0.iter().filter(|(column, _)| column != "seed").cloned().collect()
}

fn variant(alpha: &Alpha, place: &Place) -> Option<&'static Variant> {
    alpha.variant(text(place, "series"), text(place, alpha.sweep))
}

pub(super) fn label(alpha: &Alpha, place: &Place) -> String {
    let own = variant(alpha, place).map_or_else(String::new, |v| v.label.to_owned());
    match text(place, READING) {
        "" => own,
        reading => format!("{own}, {reading}"),
    }
}

fn panels(alpha: &Alpha, drawing: &mut Drawing<'_>) -> Result<()> {
    let (height, width) = Letters::SIZE;
    let mut sheets = Vec::new();
    for task in drawing.finished.shown(SAMPLED) {
        // Two chains: their states above, the probabilities these were drawn from below.
        let mut shown = pixels(drawing, task, (SAMPLES, "states"), PANEL / 2)?;
        shown.extend(pixels(drawing, task, (SAMPLES, "means"), PANEL / 2)?);
        sheets.push((place(task), shown));
    }
    let mut figure = PanelFigure { stamp: drawing.stamp(), scale: 3, ..PanelFigure::default() };
    let mut all = Vec::new();
    for (place, shown) in &sheets {
        let images: Vec<GreyImage<'_>> =
            shown.chunks_exact(height * width).map(|image| GreyImage::new(image, height, width)).collect();
        all.extend(images.iter().copied());
        let value = |metric: &str| {
            let at = engine::figures::at(place);
            drawing.evidence.mean(pick(metric, &at)).unwrap_or(f64::NAN)
        };
        let mut captions = vec![
            format!("MSE {} sampled", number(value("mse_sampled_train"))),
            format!("{} from probabilities", number(value("mse_mean_train"))),
        ];
        let own = variant(alpha, place).filter(|_| text(place, READING).is_empty());
        let reported = own.and_then(|v| v.reported);
        captions.extend(reported.map(|mse| format!("the report: {}", number(mse))));
        captions.push(format!("fidelity {:.2}", value("fidelity")));
        figure.panels.push(Panel { title: label(alpha, place), images, image_columns: 2, captions });
    }
    let svg = report::panels(&figure);
    let png = report::png_grid(&all, &GridStyle { columns: PANEL, ..GridStyle::default() });
    let caption = "Two samples of each model, by Gibbs sampling from random pixels, over the probabilities that they were \
                   drawn from. Under them the reconstruction error, and the fidelity of all samples of that model (real \
                   images reach 1; we call 0.6 or more good).";
    let alt = format!(
        "{} models, two samples of each over their probabilities, with reconstruction errors.",
        sheets.len()
    );
    drawing.show("samples.svg", svg, caption, &alt);
    drawing.files.push(("samples.png".into(), png));
    Ok(())
}

fn strips(alpha: &Alpha, drawing: &mut Drawing<'_>) -> Result<()> {
    let mut lines = Vec::new();
    for task in drawing.finished.shown(SAMPLED) {
        let (place, pixels) = (place(task), pixels(drawing, task, (SAMPLES, "means"), STRIP)?);
        let label = label(alpha, &place);
        lines.push(Line { label, pixels, place, values: None, kind: RowKind::Plain });
    }
    let models = lines.len();
    lines.extend(real_images(drawing)?);
    let alt = format!("{models} rows of samples with scores, and a row of real images.");
    let strip = Strip {
        name: "samples",
        title: "",
        size: Letters::SIZE,
        per_line: STRIP,
        metrics: &[FIDELITY, COVERAGE, FRECHET, NEAREST],
        caption: "Samples of each model after Gibbs sampling from random pixels; grey is the probability of ink in the last \
                  step. The scores are those of all its samples, over those of real images (last row).",
        alt: &alt,
    };
    drawing.strip(&strip, &lines);
    Ok(())
}

/// Real images, with the scores of those that the scorer has not seen, as the last model's characters have them.
fn real_images(drawing: &Drawing<'_>) -> Result<Option<Line>> {
    let last = drawing.finished.shown(SAMPLED).last();
    let Some((task, last)) = drawing.finished.shown(SCORER).next().zip(last) else { return Ok(None) };
    let file = drawing.finished.tensors(task, REAL)?;
    let place = place(last);
    let at = engine::figures::at(&place);
    let floor =
        |metric: &str| drawing.evidence.mean(pick(&format!("floor_{metric}"), &at)).unwrap_or(f64::NAN);
    let values = vec![1.0, floor("coverage"), floor("frechet"), floor("nearest_train")];
    Ok(Some(Line {
        label: "Real images (scored as unseen)".into(),
        pixels: file.f32s("real")?.to_vec(),
        place,
        values: Some(values),
        kind: RowKind::Reference,
    }))
}

const ERROR: Metric = Metric::new("mse_mean_train", "error", Better::Lower).decimals(5);

fn reconstructions(alpha: &Alpha, drawing: &mut Drawing<'_>) -> Result<()> {
    let mut lines = Vec::new();
    for task in drawing.finished.shown(ERRORS) {
        let place = place(task);
        for (what, tensor, metric, kind) in [
            ("originals", "train.originals", "", RowKind::Reference),
            ("from probabilities", "train.mean", "mse_mean_train", RowKind::Plain),
            ("sampled", "train.sampled", "mse_sampled_train", RowKind::Plain),
        ] {
            let value = drawing.evidence.mean(pick(metric, &engine::figures::at(&place)));
            lines.push(Line {
                label: format!("{}: {what}", label(alpha, &place)),
                pixels: pixels(drawing, task, (RECONSTRUCTIONS, tensor), PAIRS)?,
                place: place.clone(),
                values: Some(vec![value.unwrap_or(f64::NAN)]),
                kind,
            });
        }
    }
    let alt = format!("Originals and reconstructions of {} models.", lines.len() / 3);
    let strip = Strip {
        name: "reconstructions",
        title: "",
        size: Letters::SIZE,
        per_line: PAIRS,
        metrics: &[ERROR],
        caption: "Training images over their reconstructions, from probabilities and from sampled states; the error is the \
                  mean squared difference per pixel over all training images.",
        alt: &alt,
    };
    drawing.strip(&strip, &lines);
    Ok(())
}
