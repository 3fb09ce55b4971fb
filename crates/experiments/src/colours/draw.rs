//! From finished points to pictures, palettes, charts and a table.

use anyhow::{Result, anyhow};
use report::{
    Axis, Chart, ColourCloud, ColourImage, Column, CubeFigure, GalleryFigure, Mark, Reference, Series, Table,
    Tile,
};
use train::Snapshot;

use super::{ColourTransfer, Planned, Points};
use crate::claim::{number, spread};
use crate::draw::Finished;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::jobs::transfer::{Direction, PALETTES, PICTURES, RECOLOURED};
use crate::recolour::Picture;
use crate::rows::{Evidence, pick};

/// The names of directions and of the exact method in the columns of the evidence.
pub(crate) const A_TO_B: &str = "A to B";
pub(crate) const B_TO_A: &str = "B to A";
pub(crate) const EXACT: &str = "exact";
/// Width of a picture on the page, in pixels.
const TILE: usize = 360;
/// Dots of a palette that are drawn, at most.
const DOTS: usize = 600;

pub(super) fn draw(
    recipe: &ColourTransfer,
    experiment: &Experiment,
    settings: &Settings,
    finished: &Finished<'_>,
) -> Result<Drawn> {
    let list = recipe.points(experiment, settings)?;
    let mut desk = Desk {
        list: &list,
        finished,
        seed: experiment.seed,
        shown: recipe.epsilon(settings)?,
        brought: settings.data.pictures().is_some(),
        evidence: Evidence::default(),
        drawn: Drawn::default(),
    };
    for planned in &list.transfers {
        let rows = finished.rows(&list.points[planned.place].key)?;
        let columns: [(&str, &dyn std::fmt::Display); 3] =
            [("direction", &direction(planned)), ("method", &method(planned)), ("seed", &planned.seed)];
        desk.evidence.extend_with(&rows, &columns);
    }
    desk.pictures()?;
    desk.palettes()?;
    desk.charts(&recipe.epsilons(settings)?);
    desk.table();
    desk.notes();
    let Desk { evidence, mut drawn, .. } = desk;
    drawn.files.push(("metrics.csv".into(), evidence.to_csv()));
    drawn.evidence = evidence;
    Ok(drawn)
}

fn direction(planned: &Planned) -> &'static str {
    match planned.direction {
        Direction::AToB => A_TO_B,
        Direction::BToA => B_TO_A,
    }
}

fn method(planned: &Planned) -> String {
    planned.epsilon.map_or_else(|| EXACT.to_owned(), |epsilon| epsilon.to_string())
}

struct Desk<'a> {
    list: &'a Points,
    finished: &'a Finished<'a>,
    seed: u64,
    shown: f64,
    brought: bool,
    evidence: Evidence,
    drawn: Drawn,
}

/// A picture made small enough for the page.
struct Small {
    pixels: Vec<u8>,
    height: usize,
    width: usize,
}

impl Desk<'_> {
    /// One value, the mean over seeds.
    fn value(&self, metric: &str, direction: &str, method: &str) -> f64 {
        let at = [("direction", direction), ("method", method)];
        self.evidence.mean(pick(metric, &at)).unwrap_or(f64::NAN)
    }

    /// A file of the point of the first seed.
    fn file(&self, direction: Direction, epsilon: Option<f64>, name: &str) -> Result<Vec<u8>> {
        let wanted = |p: &&Planned| p.direction == direction && p.epsilon == epsilon && p.seed == self.seed;
        let planned = self.list.transfers.iter().find(wanted);
        let planned = planned.ok_or_else(|| anyhow!("no transfer {direction:?} at {epsilon:?}"))?;
        self.finished.read(&self.list.points[planned.place].key, name)
    }

    /// Both pictures, and each in the colours of the other.
    fn pictures(&mut self) -> Result<()> {
        let mut small = Vec::new();
        let shown = Some(self.shown);
        for (which, direction) in [(0, Direction::AToB), (1, Direction::BToA)] {
            let name = PICTURES[which];
            let original = self.finished.read(&self.list.points[self.list.pictures].key, name)?;
            small.push(shrink(&original)?);
            for (how, epsilon) in [("exact", None), ("entropic", shown)] {
                let bytes = self.file(direction, epsilon, RECOLOURED)?;
                small.push(shrink(&bytes)?);
                if self.brought {
                    let name = name.trim_end_matches(".png");
                    self.drawn.files.push((format!("{name}-{how}.png"), bytes));
                }
            }
        }
        let tiles = small.iter().enumerate().map(|(place, small)| {
            let (title, caption) = self.words(place);
            Tile { title, picture: ColourImage::new(&small.pixels, small.height, small.width), caption }
        });
        let figure = GalleryFigure {
            title: "Colours moved by optimal transport".into(),
            tiles: tiles.collect(),
            columns: 3,
            tile_width: TILE as f64,
            stamp: None,
        };
        let svg = report::gallery(&figure);
        self.drawn.show(
            "pictures.svg",
            svg,
            "Each picture in the colours of the other, by the exact plan between sampled pixels and by an entropic one; all \
             other pixels move as their nearest sampled colour does.",
            "Six pictures: two landscapes, and each of them with the colours of the other by two methods.",
        );
        Ok(())
    }

    /// Title and caption of the picture at a place: each row has the original, the exact and the entropic result.
    fn words(&self, place: usize) -> (String, String) {
        let (own, other, way) = if place < 3 { ("A", "B", A_TO_B) } else { ("B", "A", B_TO_A) };
        let cost = |method: &str| format!("transport cost {}", number(self.value("cost", way, method)));
        let epsilon = self.shown.to_string();
        match place % 3 {
            0 => (format!("{own}, as it is"), String::new()),
            1 => (format!("{own} in {other}'s colours: exact"), cost(EXACT)),
            _ => (format!("{own} in {other}'s colours: Sinkhorn, ε = {epsilon}"), cost(&epsilon)),
        }
    }

    /// The palettes in the colour cube.
    fn palettes(&mut self) -> Result<()> {
        let exact = Snapshot::decode(&self.file(Direction::AToB, None, PALETTES)?)?.0;
        let entropic = Snapshot::decode(&self.file(Direction::AToB, Some(self.shown), PALETTES)?)?.0;
        let epsilon = self.shown.to_string();
        let distance = |method: &str| {
            format!("W₂² to B {}", number(self.value("palette_distance_after", A_TO_B, method)))
        };
        let sets = [
            (
                "A",
                colours(&exact, "before")?,
                format!("W₂² to B {}", number(self.value("palette_distance_before", A_TO_B, EXACT))),
            ),
            (
                "B",
                colours(&exact, "target")?,
                format!(
                    "W₂² to other pixels of B {}",
                    number(self.value("palette_distance_floor", A_TO_B, EXACT))
                ),
            ),
            ("A in B's colours: exact", colours(&exact, "after")?, distance(EXACT)),
            ("A in B's colours: Sinkhorn", colours(&entropic, "after")?, distance(&epsilon)),
        ];
        let clouds = sets.iter().map(|(title, colours, caption)| ColourCloud {
            title: (*title).to_owned(),
            colours,
            caption: caption.clone(),
        });
        let figure = CubeFigure {
            title: "Palettes in the cube of red, green and blue".into(),
            clouds: clouds.collect(),
            columns: 4,
            side: 262.0,
            stamp: None,
        };
        self.drawn.show(
            "palettes.svg",
            report::cubes(&figure),
            "Sampled pixels as dots in their own colours; those of the results are drawn anew from all pixels.",
            "Four clouds of coloured dots: the exact result fills the shape of B's, the entropic one a smaller part of it.",
        );
        Ok(())
    }

    /// Cost and distance to the exact result over the range of ε.
    fn charts(&mut self, epsilons: &[f64]) {
        let series = |metric: &str| -> Vec<report::Point> {
            let points = epsilons.iter().rev().filter_map(|epsilon| {
                let method = epsilon.to_string();
                let at = [("direction", A_TO_B), ("method", method.as_str())];
                crate::recipes::point(*epsilon, &self.evidence.values(pick(metric, &at)))
            });
            points.collect()
        };
        let exact = |metric: &str| self.value(metric, A_TO_B, EXACT);
        let mut cost = Chart::new(
            "Transport cost of A in B's colours",
            Axis::log("ε"),
            Axis::linear("mean squared distance that a colour moves"),
        );
        cost.series.push(Series { name: String::new(), points: series("cost"), mark: Mark::LineMarkers });
        cost.references
            .push(Reference { label: format!("exact: {}", number(exact("cost"))), y: exact("cost") });
        let mut apart = Chart::new(
            "How far entropic results are from the exact one",
            Axis::log("ε"),
            Axis::linear("root mean squared difference of pixels"),
        );
        apart.series.push(Series {
            name: String::new(),
            points: series("rmse_to_exact"),
            mark: Mark::LineMarkers,
        });
        let moved = exact("rmse_to_original");
        apart.references.push(Reference { label: format!("exact against A: {}", number(moved)), y: moved });
        apart
            .references
            .push(Reference { label: format!("a tenth of that: {}", number(0.1 * moved)), y: 0.1 * moved });
        let (cost, apart) = (report::chart(&cost), report::chart(&apart));
        self.drawn.show(
            "rmse.svg",
            apart,
            "As ε falls, the entropic result becomes the exact one; below the lower line we call them little different.",
            "A curve that falls with ε.",
        );
        self.drawn.show(
            "cost.svg",
            cost,
            "An entropic plan moves colours farther than it must; the exact plan's cost is the limit.",
            "A curve that rises with ε above the exact cost.",
        );
    }

    fn table(&mut self) {
        let mut columns = vec![Column::text("result")];
        for (name, unit) in [
            ("cost", ""),
            ("duality gap", ""),
            ("marginal error", ""),
            ("iterations", ""),
            ("RMSE to exact", ""),
            ("RMSE to original", ""),
            ("W₂² to the other's palette", ""),
            ("palette variance, of the other's", "%"),
        ] {
            columns.push(Column::number(name, unit));
        }
        let mut rows = Vec::new();
        for planned in self.list.transfers.iter().filter(|planned| planned.seed == self.seed) {
            let (way, how) = (direction(planned), method(planned));
            let at = [("direction", way), ("method", how.as_str())];
            let own = |metric: &str| spread(&self.evidence.values(pick(metric, &at)));
            let kept = 100.0 * self.value("palette_variance_after", way, &how)
                / self.value("palette_variance_target", way, &how);
            let named = if planned.epsilon.is_some() { format!("ε\u{a0}=\u{a0}{how}") } else { how.clone() };
            rows.push(vec![
                format!("{way}, {named}"),
                own("cost"),
                own("certificate_gap"),
                own("marginal_error"),
                own("iterations"),
                own("rmse_to_exact"),
                own("rmse_to_original"),
                own("palette_distance_after"),
                report::text::number(kept, 0),
            ]);
        }
        let caption = "Every result in numbers; colours from 0 to 1".into();
        self.drawn.tables.push(Table { caption, columns, rows });
    }

    fn notes(&mut self) {
        let epsilon = self.shown.to_string();
        let kept = |method: &str| {
            self.value("palette_variance_after", A_TO_B, method)
                / self.value("palette_variance_target", A_TO_B, method)
        };
        if kept(&epsilon) < 0.8 * kept(EXACT) {
            self.drawn.notes.push(format!(
                "At ε = {epsilon}, squared distances of colours are hardly larger than ε, so that each colour goes to a mean of many: \
                 the result keeps {} % of the variance of B's palette, the exact one {} %. What the report saw may \
                 depend on its pictures.",
                number(100.0 * kept(&epsilon)),
                number(100.0 * kept(EXACT))
            ));
        }
        self.drawn.notes.push(
            "Greens are the pixels of A with a hue of 70° to 170°; yellow and orange are hues of 20° to 70°. Hues are counted \
             in bins of 5° weighted by chroma, their number is exp(entropy), their spread the circular standard deviation."
                .into(),
        );
        let what = if self.brought {
            "The pictures are the user's."
        } else {
            "Both pictures are painted by the program."
        };
        self.drawn.notes.push(what.into());
    }
}

/// Some colours of a palette, spread over it: they come in the order of pixels, and the first ones would be the sky.
fn colours(file: &Snapshot, name: &str) -> Result<Vec<[f64; 3]>> {
    let values = file.f32s(name)?.as_chunks::<3>().0;
    let shown = values.len().min(DOTS);
    Ok((0..shown).map(|i| values[i * values.len() / shown].map(f64::from)).collect())
}

/// At most [`TILE`] pixels wide and a quarter more high: each pixel the mean of those it stands for.
fn shrink(png: &[u8]) -> Result<Small> {
    let picture = Picture::decode(png).map_err(|error| anyhow!("{error}"))?;
    let (wide, high) = (picture.width(), picture.height());
    let width = wide.min(TILE).min((TILE * wide * 5 / 4).div_ceil(high));
    let height = (high * width / wide).max(1);
    let mut pixels = Vec::with_capacity(3 * width * height);
    let mut line = vec![0.0; 3 * wide];
    for row in 0..height {
        let (top, bottom) = (row * high / height, ((row + 1) * high).div_ceil(height));
        let mut sums = vec![[0.0; 4]; width];
        for y in top..bottom {
            picture.rgb(y * wide..(y + 1) * wide, &mut line);
            for (column, sum) in sums.iter_mut().enumerate() {
                let (left, right) = (column * wide / width, ((column + 1) * wide).div_ceil(width));
                for colour in line[3 * left..3 * right].as_chunks::<3>().0 {
                    sum.iter_mut().zip(colour).for_each(|(sum, c)| *sum += c);
                    sum[3] += 1.0;
                }
            }
        }
        for [r, g, b, n] in sums {
            pixels.extend([r, g, b].map(|c| (255.0 * c / n).round() as u8));
        }
    }
    Ok(Small { pixels, height, width })
}
