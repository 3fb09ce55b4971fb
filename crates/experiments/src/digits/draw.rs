//! From finished points to heat map, bars and strips.

use anyhow::Result;
use report::{
    Axis, Chart, Column, GreyImage, HeatFigure, HeatInk, HeatMap, Mark, NumberColumn, Reference, RowKind,
    Series, StripFigure, StripRow, Table,
};
use train::Snapshot;

use super::{BLANK, DigitTransport, MEAN, Points, TRAINING};
use crate::claim::{number, spread};
use crate::data::Source;
use crate::draw::Finished;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::jobs::barycentre::MEANS;
use crate::jobs::digits::SHOWN;
use crate::page::STAMP;
use crate::point::Key;
use crate::rows::{Evidence, pick};

/// Samples in a row.
const SHOW: usize = 20;

pub(super) fn draw(
    recipe: &DigitTransport,
    experiment: &Experiment,
    settings: &Settings,
    finished: &Finished<'_>,
) -> Result<Drawn> {
    let digits = settings.data.digits()?;
    let list = recipe.points(experiment, settings)?;
    let mut desk = Desk {
        size: (digits.train.height, digits.train.width),
        stamp: (digits.source == Source::Standin).then_some(STAMP),
        evidence: Evidence::default(),
        drawn: Drawn::default(),
    };
    desk.evidence.rows.extend(finished.rows(&list.points[list.classes].key)?.rows);
    for (class, &place) in list.barycentres.iter().enumerate() {
        desk.evidence.extend_with(&finished.rows(&list.points[place].key)?, &[("class", &class)]);
    }
    for (name, seed, place) in &list.samples {
        let rows = finished.rows(&list.points[*place].key)?;
        desk.evidence.extend_with(&rows, &[("origin", name), ("seed", seed)]);
    }
    desk.classes();
    let own = list.samples.iter().filter(|(_, seed, _)| *seed == experiment.seed);
    let own: Vec<Origin> = own.map(|(name, _, place)| (*name, list.points[*place].key.clone())).collect();
    desk.samples(&own, finished)?;
    desk.distances(&own);
    desk.table(&own);
    desk.barycentres(&list, finished)?;
    let Desk { evidence, mut drawn, .. } = desk;
    drawn.files.push(("metrics.csv".into(), evidence.to_csv()));
    notes(&evidence, &mut drawn);
    drawn.evidence = evidence;
    Ok(drawn)
}

fn notes(evidence: &Evidence, drawn: &mut Drawn) {
    drawn.notes.push(
        "Distances between samples are larger than those between the distributions they come from, and by as much \
         as there are dimensions: that is why each stands beside that of real digits to real digits, with as many \
         images on both sides."
            .into(),
    );
    let of = |name: &str| evidence.mean(pick("pixels", &[("origin", name)])).unwrap_or(f64::NAN);
    if of(MEAN) < 1.1 * of(TRAINING) {
        drawn.notes.push(format!(
            "The mean image is about as near to held-out digits as other real digits are ({} against {} pixels): squared \
             distance forgives what is everywhere half right, and so does W₂ between samples as small as these. A \
             small distance alone does not make good samples; the claims compare images in black and white only.",
            number(of(MEAN)),
            number(of(TRAINING))
        ));
    }
    drawn.notes.push(format!(
        "Blank paper differs from a digit by the digit's own ink, {} pixels: fragments of digits are nearer than whole digits \
         that match no real one. Long Gibbs chains of machines trained by CD-1 tend to such fragments or to nothing; \
         --set gibbs=2000 shows it.",
        number(of(BLANK))
    ));
    let error = evidence.rows.iter().filter(|row| row.metric == "marginal_error").map(|row| row.value);
    let worst = error.fold(0.0, f64::max);
    if worst > 0.0 {
        drawn.notes.push(format!(
            "Barycentres stopped at the last iteration allowed, with plans whose sums are off by at most {} % of the ink.",
            number(100.0 * worst)
        ));
    }
}

/// The name of an origin, and the point of its digits of the first seed.
type Origin = (&'static str, Key);

struct Desk<'a> {
    size: (usize, usize),
    stamp: Option<&'a str>,
    evidence: Evidence,
    drawn: Drawn,
}

impl Desk<'_> {
    /// The distances of all classes, the same on both sides of the diagonal.
    fn classes(&mut self) {
        let value = |from: usize, to: usize| {
            let (from, to) = (from.min(to).to_string(), from.max(to).to_string());
            self.evidence.mean(pick("pixels", &[("from", &from), ("to", &to)])).unwrap_or(f64::NAN)
        };
        let values = (0..10).flat_map(|from| (0..10).map(move |to| value(from, to))).collect();
        let names: Vec<String> = (0..10).map(|class: usize| class.to_string()).collect();
        let images = self.evidence.mean(pick("images_a_class", &[])).unwrap_or(0.0);
        let map = HeatMap {
            title: String::new(),
            values,
            ink: HeatInk::Amount,
            decimals: 0,
            caption: String::new(),
        };
        let figure = HeatFigure {
            title: "W₂² between classes of digits".into(),
            rows: names.clone(),
            columns: names,
            maps: vec![map],
            per_line: 1,
            note: format!("Pixels that differ, the mean over matched pairs; {images} images on each side."),
            stamp: self.stamp,
        };
        self.drawn.show(
            "classes.svg",
            report::heat(&figure),
            "Exact squared Wasserstein distances between real digits of two classes; on the diagonal between two halves of one \
             class: what no two samples stay below.",
            "A heat map of ten by ten classes; the diagonal is lightest.",
        );
    }

    /// The values of one origin, one a seed, and their mean.
    fn values(&self, origin: &str, metric: &str) -> (Vec<f64>, f64) {
        let values = self.evidence.values(pick(metric, &[("origin", origin)]));
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        (values, mean)
    }

    /// Digits of every origin, with their distance to held-out ones.
    fn samples(&mut self, own: &[Origin], finished: &Finished<'_>) -> Result<()> {
        let mut sheets = Vec::new();
        for (name, key) in own {
            let (file, _) = Snapshot::decode(&finished.read(key, SHOWN)?)?;
            sheets.push((*name, file.f32s("images")?.to_vec()));
        }
        let (height, width) = self.size;
        let rows = sheets.iter().map(|(name, images)| StripRow {
            label: (*name).to_owned(),
            images: images
                .chunks_exact(height * width)
                .take(if [MEAN, BLANK].contains(name) { 1 } else { SHOW })
                .map(|image| GreyImage::new(image, height, width))
                .collect(),
            values: ["pixels", "wasserstein"].map(|metric| self.values(name, metric).1).to_vec(),
            kind: if *name == TRAINING { RowKind::Reference } else { RowKind::Plain },
        });
        let columns =
            ["W₂², pixels", "W₂"].map(|heading| NumberColumn { heading: heading.into(), decimals: 2 });
        let figure = StripFigure {
            title: "Digits, and their distance to held-out digits".into(),
            columns: columns.to_vec(),
            rows: rows.collect(),
            images_per_line: 10,
            stamp: self.stamp,
            ..StripFigure::default()
        };
        self.drawn.show(
            "samples.svg",
            report::strips(&figure),
            "Generated digits, real ones and three baselines, each with its exact distance to the same held-out digits.",
            "Strips of digits with their distances.",
        );
        Ok(())
    }

    /// Distances to held-out digits as bars.
    fn distances(&mut self, own: &[Origin]) {
        let names: Vec<&str> = own.iter().map(|(name, _)| *name).filter(|name| *name != TRAINING).collect();
        let mut chart = Chart::new(
            "Distance to held-out digits",
            Axis::categories("", &names),
            Axis::linear("W₂², pixels that differ"),
        );
        let points = names.iter().enumerate();
        let points =
            points.filter_map(|(at, name)| crate::recipes::point(at as f64, &self.values(name, "pixels").0));
        chart.series.push(Series { name: String::new(), points: points.collect(), mark: Mark::Bars });
        let (floor, y) = self.values(TRAINING, "pixels");
        chart.references.push(Reference { label: format!("training images: {}", spread(&floor)), y });
        chart.stamp = self.stamp;
        self.drawn.show(
            "distances.svg",
            report::chart(&chart),
            "The dashed line is what as many training images reach: no generator can be expected below it but by blur.",
            "Bars of the distance of each generator and baseline.",
        );
    }

    /// Distances to held-out digits as a table.
    fn table(&mut self, own: &[Origin]) {
        let mut columns = vec![Column::text("origin")];
        for (name, unit) in [("W₂²", "pixels"), ("W₂", ""), ("pixels on", "%"), ("images", "")] {
            columns.push(Column::number(name, unit));
        }
        let row = |(name, _): &Origin| {
            let say = |metric: &str, factor: f64| {
                spread(&self.values(name, metric).0.iter().map(|x| factor * x).collect::<Vec<_>>())
            };
            let name = (*name).to_owned();
            vec![name, say("pixels", 1.0), say("wasserstein", 1.0), say("ink", 100.0), say("images", 1.0)]
        };
        let rows = own.iter().map(row).collect();
        let caption = "Exact distances to held-out digits".into();
        self.drawn.tables.push(Table { caption, columns, rows });
    }

    /// Two means of each class.
    fn barycentres(&mut self, list: &Points, finished: &Finished<'_>) -> Result<()> {
        let mut files = Vec::new();
        for &place in &list.barycentres {
            files.push(Snapshot::decode(&finished.read(&list.points[place].key, MEANS)?)?.0);
        }
        let (height, width) = self.size;
        let spread = |metric: &str| {
            let values = self.evidence.rows.iter().filter(|row| row.metric == metric).map(|row| row.value);
            let values: Vec<f64> = values.collect();
            values.iter().sum::<f64>() / values.len().max(1) as f64
        };
        let mut rows = Vec::new();
        for (tensor, label) in [("mean", "mean, pixel by pixel"), ("barycentre", "barycentre of ink")] {
            let images = files.iter().map(|file| Ok(GreyImage::new(file.f32s(tensor)?, height, width)));
            rows.push(StripRow {
                label: label.to_owned(),
                images: images.collect::<Result<Vec<_>>>()?,
                values: vec![spread(&format!("spread_{tensor}"))],
                kind: RowKind::Plain,
            });
        }
        let figure = StripFigure {
            title: "Two means of the digits of each class".into(),
            columns: vec![NumberColumn {
                heading: "pixels that hold the ink, exp(entropy)".into(),
                decimals: 0,
            }],
            rows,
            images_per_line: 10,
            scale: 3,
            stamp: self.stamp,
            ..StripFigure::default()
        };
        let svg = report::strips(&figure);
        self.drawn.show(
            "barycentres.svg",
            svg,
            "The mean of pixels blurs what does not lie in the same place; the barycentre moves ink, and keeps strokes.",
            "Two rows of ten digits; the lower ones have sharper strokes.",
        );
        Ok(())
    }
}
