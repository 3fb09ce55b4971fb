//! Panels, strips and reconstructions as labelled pictures, and as plain PNG grids.

use anyhow::{Context, Result};
use report::{GreyImage, GridStyle, NumberColumn, Panel, PanelFigure, RowKind, StripFigure, StripRow};
use train::{Snapshot, Values};

use super::{Alpha, Model, Picture, Variant};
use crate::claim::number;
use crate::experiment::Drawn;
use crate::rows::{Evidence, pick};
use crate::source::Letters;

/// The pictures of one model.
pub(super) struct Sheet {
    variant: Variant,
    characters: String,
    tensors: Snapshot,
}

impl Sheet {
    pub(super) fn new(variant: &Variant, model: &Model, mut tensors: Snapshot) -> Self {
        for tensor in &mut tensors.tensors {
            if let Values::U8(states) = &tensor.values {
                tensor.values = Values::F32(states.iter().map(|&x| f32::from(x)).collect());
            }
        }
        Self { variant: *variant, characters: model.characters.clone(), tensors }
    }

    /// The first `count` images of a tensor [n, pixels].
    fn images(&self, tensor: &str, count: usize, size: (usize, usize)) -> Result<Vec<GreyImage<'_>>> {
        let pixels =
            self.tensors.f32s(tensor).with_context(|| format!("pictures of {}", self.variant.label))?;
        Ok(images(pixels, count, size))
    }
}

fn images(pixels: &[f32], count: usize, (height, width): (usize, usize)) -> Vec<GreyImage<'_>> {
    pixels.chunks(height * width).take(count).map(|image| GreyImage::new(image, height, width)).collect()
}

/// Samples in a panel.
const PANEL: usize = 4;
/// Samples in a row of a strip.
const STRIP: usize = 16;
/// Originals and reconstructions in a row.
const PAIRS: usize = 16;

pub(super) fn add(
    alpha: &Alpha,
    letters: &Letters,
    evidence: &Evidence,
    sheets: &[Sheet],
    stamp: Option<&str>,
    drawn: &mut Drawn,
) -> Result<()> {
    let size = (letters.images.height, letters.images.width);
    let value = |sheet: &Sheet, metric: &str| {
        let at = [(alpha.sweep, sheet.variant.value), ("series", sheet.variant.series)];
        let at = if sheet.variant.series.is_empty() { &at[..1] } else { &at[..] };
        evidence.mean(pick(metric, at)).unwrap_or(f64::NAN)
    };
    match alpha.picture {
        Picture::Panels => {
            panels(sheets, size, &value, stamp, drawn)?;
        }
        Picture::Strips => {
            strips(sheets, letters, size, &value, stamp, drawn)?;
        }
        Picture::Reconstructions => {
            reconstructions(sheets, size, &value, stamp, drawn)?;
        }
    }
    Ok(())
}

type Value<'a> = &'a dyn Fn(&Sheet, &str) -> f64;

fn panels(
    sheets: &[Sheet],
    size: (usize, usize),
    value: Value<'_>,
    stamp: Option<&str>,
    drawn: &mut Drawn,
) -> Result<()> {
    let mut figure = PanelFigure { stamp, scale: 3, ..PanelFigure::default() };
    let mut all = Vec::new();
    for sheet in sheets {
        // Two chains: their states above, the probabilities these were drawn from below.
        let mut shown = sheet.images("states", PANEL / 2, size)?;
        shown.extend(sheet.images("means", PANEL / 2, size)?);
        all.extend(shown.iter().copied());
        let mut captions = vec![
            format!("MSE {} sampled", number(value(sheet, "mse_sampled_train"))),
            format!("{} from probabilities", number(value(sheet, "mse_mean_train"))),
        ];
        captions.extend(sheet.variant.reported.map(|mse| format!("the report: {}", number(mse))));
        captions.push(format!("fidelity {:.2}", value(sheet, "fidelity")));
        let title = sheet.variant.label.to_owned();
        figure.panels.push(Panel { title, images: shown, image_columns: 2, captions });
    }
    let caption = "Two samples of each model, by Gibbs sampling from coin flips, over the probabilities that they were \
                   drawn from. Under them the reconstruction error, and the fidelity of all \
                   samples of that model (real images reach 1, and 0.8 counts as well generated).";
    let alt = format!(
        "{} models, two samples of each over their probabilities, with reconstruction errors.",
        sheets.len()
    );
    show(drawn, "samples", (report::panels(&figure), &all, PANEL), caption, &alt);
    Ok(())
}

fn strips(
    sheets: &[Sheet],
    letters: &Letters,
    size: (usize, usize),
    value: Value<'_>,
    stamp: Option<&str>,
    drawn: &mut Drawn,
) -> Result<()> {
    let heading = |heading: &str, decimals| NumberColumn { heading: heading.into(), decimals };
    let mut figure = StripFigure { stamp, images_per_line: STRIP, ..StripFigure::default() };
    figure.columns = vec![
        heading("fidelity", 2),
        heading("classes drawn", 0),
        heading("Fréchet", 1),
        heading("to nearest training image", 3),
    ];
    let metrics = ["fidelity", "coverage", "frechet", "nearest_train"];
    let mut all = Vec::new();
    for sheet in sheets {
        let shown = sheet.images("means", STRIP, size)?;
        all.extend(shown.iter().copied());
        let values = metrics.iter().map(|metric| value(sheet, metric)).collect();
        figure.rows.push(StripRow {
            label: sheet.variant.label.into(),
            images: shown,
            values,
            kind: RowKind::Plain,
        });
    }
    let real;
    if let Some(sheet) = sheets.last() {
        let split = letters.split(&letters.labels(&sheet.characters)?, 0);
        let step = (split.train.len() / STRIP).max(1);
        let chosen: Vec<usize> = split.train.iter().copied().step_by(step).take(STRIP).collect();
        real = letters.images.to_matrix(&chosen);
        let floor = |metric: &str| value(sheet, &format!("floor_{metric}"));
        let values = vec![1.0, floor("coverage"), floor("frechet"), floor("nearest_train")];
        let label = format!("real images of {}, held out from the scorer", sheet.characters);
        let images = images(real.as_slice(), STRIP, size);
        figure.rows.push(StripRow { label, images, values, kind: RowKind::Reference });
    }
    let caption = "Samples of each model after Gibbs sampling from coin flips; grey is the probability of ink in the last \
                   step. Right: the scores of all its samples, over those of real images (last row).";
    let alt = format!("{} rows of samples with scores, and a row of real images.", sheets.len());
    show(drawn, "samples", (report::strips(&figure), &all, STRIP), caption, &alt);
    Ok(())
}

fn reconstructions(
    sheets: &[Sheet],
    size: (usize, usize),
    value: Value<'_>,
    stamp: Option<&str>,
    drawn: &mut Drawn,
) -> Result<()> {
    let mut figure = StripFigure { stamp, images_per_line: PAIRS, ..StripFigure::default() };
    figure.columns = vec![NumberColumn { heading: "MSE".into(), decimals: 5 }];
    let mut all = Vec::new();
    for sheet in sheets {
        for (what, tensor, metric, kind) in [
            ("originals", "train.originals", None, RowKind::Reference),
            ("from probabilities", "train.mean", Some("mse_mean_train"), RowKind::Plain),
            ("sampled", "train.sampled", Some("mse_sampled_train"), RowKind::Plain),
        ] {
            let shown = sheet.images(tensor, PAIRS, size)?;
            all.extend(shown.iter().copied());
            let values = vec![metric.map_or(f64::NAN, |metric| value(sheet, metric))];
            figure.rows.push(StripRow {
                label: format!("{}: {what}", sheet.variant.label),
                images: shown,
                values,
                kind,
            });
        }
    }
    let caption = "Training images over their reconstructions, from probabilities and from sampled states.";
    let alt = format!("Originals and reconstructions of {} models.", sheets.len());
    show(drawn, "reconstructions", (report::strips(&figure), &all, PAIRS), caption, &alt);
    Ok(())
}

/// Adds a labelled picture, and its images alone as a PNG grid of so many columns.
fn show(
    drawn: &mut Drawn,
    name: &str,
    (svg, all, columns): (String, &[GreyImage<'_>], usize),
    caption: &str,
    alt: &str,
) {
    drawn.show(&format!("{name}.svg"), svg, caption, alt);
    let style = GridStyle { columns, ..GridStyle::default() };
    drawn.files.push((format!("{name}.png"), report::png_grid(all, &style)));
}
