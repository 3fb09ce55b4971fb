//! From finished tasks to pictures, palettes, charts and a table.

use anyhow::{Context, Result};
use engine::figures::{Axis, Better, Curve, Grid, Metric, Place, Steps};
use engine::{Row, Task, pick};
use report::{
    Chart, ColourCloud, ColourImage, CubeFigure, GalleryFigure, INK_OF_REAL, Mark, Point, Series, Tile,
    number,
};
use train::Snapshot;

use super::job::{PALETTES, PICTURES, Pictures, RECOLOURED, Transfer};
use super::names::{A_TO_B, B_TO_A, EXACT, PICTURED, TRANSFERS};
use super::shrink::{Small, TILE, shrink};
use crate::inks::CURVE;
use crate::recipe::Drawing;

/// Dots of a palette that are drawn, at most.
const DOTS: usize = 600;

pub(super) fn draw(drawing: &mut Drawing<'_>) -> Result<()> {
    drawing.evidence.0 = drawing.finished.all(&[TRANSFERS])?;
    drawing.metrics();
    let shown = shown_epsilon(drawing)?;
    pictures(drawing, &shown)?;
    palettes(drawing, &shown)?;
    charts(drawing);
    table(drawing);
    notes(drawing, &shown);
    Ok(())
}

/// The method of the entropic result that is shown: of the only ones whose pictures are kept.
fn shown_epsilon(drawing: &Drawing<'_>) -> Result<String> {
    for task in drawing.finished.shown(TRANSFERS) {
        if let Transfer { epsilon: Some(epsilon), keep: true, .. } = task.job()? {
            return Ok(epsilon.to_string());
        }
    }
    Err(anyhow::anyhow!("no entropic result is kept"))
}

/// The task of the first seed.
fn task<'a>(drawing: &Drawing<'a>, direction: &str, method: &str) -> Result<&'a Task> {
    let wanted =
        |task: &&Task| task.columns.get("direction") == direction && task.columns.get("method") == method;
    let found = drawing.finished.shown(TRANSFERS).find(wanted);
    found.with_context(|| format!("no transfer {direction} by {method}"))
}

/// One value, the mean over seeds.
fn value(drawing: &Drawing<'_>, metric: &str, direction: &str, method: &str) -> f64 {
    let at = [("direction", direction), ("method", method)];
    drawing.evidence.mean(pick(metric, &at)).unwrap_or(f64::NAN)
}

/// Both pictures, and each in the colours of the other.
fn pictures(drawing: &mut Drawing<'_>, shown: &str) -> Result<()> {
    let finished = drawing.finished;
    let original = finished.shown(PICTURED).next().context("no pictures")?;
    let brought = original.job::<Pictures>()? == Pictures::Brought;
    let mut small = Vec::new();
    for (own, other, way, file) in [("A", "B", A_TO_B, PICTURES[0]), ("B", "A", B_TO_A, PICTURES[1])] {
        small.push((format!("{own}, as it is"), shrink(&finished.read(original, file)?)?, String::new()));
        for (how, method) in [("exact", EXACT), ("entropic", shown)] {
            let bytes = finished.read(task(drawing, way, method)?, RECOLOURED)?;
            let by = if method == EXACT { "exact".to_owned() } else { format!("Sinkhorn, ε = {method}") };
            let cost = format!("transport cost {}", number(value(drawing, "cost", way, method)));
            small.push((format!("{own} in {other}'s colours: {by}"), shrink(&bytes)?, cost));
            if brought {
                drawing.files.push((format!("{}-{how}.png", file.trim_end_matches(".png")), bytes));
            }
        }
    }
    let figure = GalleryFigure {
        title: "Colours moved by optimal transport".into(),
        tiles: small.iter().map(tile).collect(),
        columns: 3,
        tile_width: TILE as f64,
        stamp: None,
    };
    let svg = report::gallery(&figure);
    drawing.show(
        "pictures.svg",
        svg,
        "Each picture in the colours of the other, by the exact plan between sampled pixels and by an entropic one; all other \
         pixels move as their nearest sampled colour does.",
        "Six pictures: two landscapes, and each of them with the colours of the other by two methods.",
    );
    Ok(())
}

/// A picture with its title and caption.
fn tile((title, small, caption): &(String, Small, String)) -> Tile<'_> {
    let picture = ColourImage::new(&small.pixels, small.height, small.width);
    Tile { title: title.clone(), picture, caption: caption.clone() }
}

/// A palette: its title, its colours, and what stands under its cube.
type Palette = (&'static str, Vec<[f64; 3]>, String);

/// Both palettes, and those of A in B's colours.
fn sets(drawing: &Drawing<'_>, shown: &str) -> Result<[Palette; 4]> {
    let file = |method: &str| drawing.finished.tensors(task(drawing, A_TO_B, method)?, PALETTES);
    let (exact, entropic) = (file(EXACT)?, file(shown)?);
    let words = |what: &str, metric: &str, method: &str| {
        format!("W₂² to {what} {}", number(value(drawing, metric, A_TO_B, method)))
    };
    Ok([
        ("A", colours(&exact, "before")?, words("B", "palette_distance_before", EXACT)),
        ("B", colours(&exact, "target")?, words("other pixels of B", "palette_distance_floor", EXACT)),
        ("A in B's colours: exact", colours(&exact, "after")?, words("B", "palette_distance_after", EXACT)),
        (
            "A in B's colours: Sinkhorn",
            colours(&entropic, "after")?,
            words("B", "palette_distance_after", shown),
        ),
    ])
}

/// The palettes in the colour cube, and in its plane of red and blue.
fn palettes(drawing: &mut Drawing<'_>, shown: &str) -> Result<()> {
    let sets = sets(drawing, shown)?;
    let clouds = sets.iter().map(|(title, colours, caption)| ColourCloud {
        title: (*title).to_owned(),
        colours,
        caption: caption.clone(),
    });
    let figure = CubeFigure {
        title: "Palettes in the cube of red, green and blue".into(),
        clouds: clouds.collect(),
        columns: 2,
        side: 262.0,
        stamp: None,
    };
    let svg = report::cubes(&figure);
    drawing.show(
        "palettes.svg",
        svg,
        "Sampled pixels as dots in their own colours; those of the results are drawn anew from all pixels.",
        "Four clouds of coloured dots: the exact result fills the shape of B's, the entropic one a smaller part of it.",
    );
    drawing.show(
        "palettes-plane.svg",
        report::Figure::chart(&plane(&sets)),
        "The same dots by their red and blue alone. Where a result has been given B's colours, its dots lie among B's.",
        "Three clouds in the plane of red and blue: the exact result covers B's, the entropic one only its middle.",
    );
    Ok(())
}

/// The palettes of B and of what was given its colours, by red and blue.
fn plane(sets: &[Palette]) -> Chart<'static> {
    let axis = |label| report::Axis { range: Some((0.0, 1.0)), ..report::Axis::linear(label) };
    let mut chart = Chart::new("Palettes by red and blue", axis("red"), axis("blue"));
    chart.size = (460.0, 460.0);
    for (title, colours, _) in &sets[1..] {
        let points = colours.iter().map(|[red, _, blue]| Point::new(*red, *blue)).collect();
        let ink = (*title == "B").then_some(INK_OF_REAL);
        chart.series.push(Series { ink, ..Series::new(title, Mark::Points, points) });
    }
    chart
}

/// Some colours of a palette, spread over it: they come in the order of pixels, and the first ones would be the sky.
fn colours(file: &Snapshot, name: &str) -> Result<Vec<[f64; 3]>> {
    let values = file.f32s(name)?.as_chunks::<3>().0;
    let shown = values.len().min(DOTS);
    Ok((0..shown).map(|i| values[i * values.len() / shown].map(f64::from)).collect())
}

/// Cost and distance to the exact result over the range of ε, of A in B's colours.
fn charts(drawing: &mut Drawing<'_>) {
    let moved = value(drawing, "rmse_to_original", A_TO_B, EXACT);
    let cost = value(drawing, "cost", A_TO_B, EXACT);
    let apart = Curve {
        file: "rmse.svg",
        title: "How far entropic results are from the exact one",
        x: Axis { label: "ε", steps: Steps::Log },
        y: Axis { label: "root mean squared difference of pixels", steps: Steps::Linear },
        only: &[("direction", A_TO_B)],
        along: "method",
        metrics: &[Metric::new("rmse_to_exact", "entropic", Better::Neither)],
        references: vec![
            (format!("exact against A: {}", number(moved)), moved),
            (format!("a tenth of that: {}", number(0.1 * moved)), 0.1 * moved),
        ],
        caption: "As ε falls, the entropic result becomes the exact one; below the lower line we call them little different.",
        alt: "A curve that falls with ε.",
        ..CURVE
    };
    drawing.curve(&apart);
    let costs = Curve {
        file: "cost.svg",
        title: "Transport cost of A in B's colours",
        y: Axis { label: "mean squared distance that a colour moves", steps: Steps::Linear },
        metrics: &[Metric::new("cost", "entropic", Better::Neither)],
        references: vec![(format!("exact: {}", number(cost)), cost)],
        caption: "An entropic plan moves colours farther than it must; the exact plan's cost is the limit.",
        alt: "A curve that rises with ε above the exact cost.",
        ..apart
    };
    drawing.curve(&costs);
}

/// The variance of a recoloured palette, as a share of that of the palette it is to have.
const KEPT: &str = "palette_variance_kept";

/// The evidence with that share.
fn with_variances(drawing: &Drawing<'_>) -> Vec<Row> {
    let mut rows = drawing.evidence.rows.clone();
    let of = |metric: &str| rows.iter().filter(|row| row.metric == metric).cloned().collect::<Vec<_>>();
    let targets = of("palette_variance_target");
    let mut kept = Vec::new();
    for after in of("palette_variance_after") {
        if let Some(target) = targets.iter().find(|row| row.columns == after.columns) {
            kept.push(Row { metric: KEPT.into(), value: after.value / target.value, ..after });
        }
    }
    rows.extend(kept);
    rows
}

/// Every result in numbers.
fn table(drawing: &mut Drawing<'_>) {
    let mut all = engine::Drawn::default();
    all.evidence.rows = with_variances(drawing);
    let label = |place: &Place| {
        let texts: Vec<&str> = place.iter().map(|(_, text)| text.as_str()).collect();
        let how = texts.get(1).copied().unwrap_or_default();
        let how = if how == EXACT { how.to_owned() } else { format!("ε\u{a0}=\u{a0}{how}") };
        format!("{}, {how}", texts.first().copied().unwrap_or_default())
    };
    let grid = Grid {
        caption: "Every result in numbers; colours from 0 to 1",
        by: &["direction", "method"],
        heads: &["result"],
        metrics: &[
            Metric::new("cost", "cost", Better::Lower),
            Metric::new("certificate_gap", "duality gap", Better::Lower),
            Metric::new("marginal_error", "marginal error", Better::Lower),
            Metric::new("iterations", "iterations", Better::Lower).decimals(0),
            Metric::new("rmse_to_exact", "RMSE to exact", Better::Lower),
            Metric::new("rmse_to_original", "RMSE to original", Better::Neither),
            Metric::new("palette_distance_after", "W₂² to the other's palette", Better::Lower),
            Metric::percent(KEPT, "palette variance, of the other's", Better::Neither).decimals(0),
        ],
        label: Some(&label),
        reported: None,
    };
    grid.draw(&mut all);
    drawing.tables.extend(all.tables);
}

fn notes(drawing: &mut Drawing<'_>, shown: &str) {
    let kept = |method: &str| {
        value(drawing, "palette_variance_after", A_TO_B, method)
            / value(drawing, "palette_variance_target", A_TO_B, method)
    };
    let (entropic, exact) = (kept(shown), kept(EXACT));
    if entropic < 0.8 * exact {
        drawing.notes.push(format!(
            "At ε = {shown}, squared distances of colours are hardly larger than ε, so that each colour goes to a mean of \
             many: the result keeps {} % of the variance of B's palette, the exact one {} %. What the report saw may \
             depend on its pictures.",
            number(100.0 * entropic),
            number(100.0 * exact)
        ));
    }
    drawing.notes.push(
        "The pictures are painted by the program, the first green, the second orange and yellow. That greens become yellows \
         is therefore so by construction: it checks the method, and says nothing about the report's pictures. \
         `cargo xtask transfer A.png B.png -o OUT.png` does the same with pictures of yours."
            .to_owned(),
    );
    drawing.notes.push(
        "Greens are the pixels of A with a hue of 70° to 170°; yellow and orange are hues of 20° to 70°. Hues are counted in \
         bins of 5° weighted by chroma, their number is exp(entropy), their spread the circular standard deviation."
            .into(),
    );
}
