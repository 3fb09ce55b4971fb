//! What can be read off a figure with a pointer or the keyboard: the values of a chart's curves, one row of a strip at a time.
//!
//! It stands beside the figure on the page, so that the picture itself stays a file that needs no script.

use serde::{Deserialize, Serialize};

use crate::chart::Chart;
use crate::plot::Plot;
use crate::series::{Mark, Point, Scale};
use crate::spread::number;
use crate::strips::StripFigure;

/// Of a curve at most so many points can be read, evenly spaced.
const POINTS: usize = 100;
/// A cloud of more dots than this is a picture, not a list of values.
const CLOUD: usize = 100;

/// A figure with what can be read off it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// The SVG document.
    pub svg: String,
    /// What can be read off it.
    pub readout: Readout,
}

/// Places are pixels of the picture at its own size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readout {
    /// Width of the picture.
    pub width: u32,
    /// What the horizontal axis measures.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub across: String,
    /// The curves of a chart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<Curve>,
    /// The rows of a strip.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
}

/// The values of a curve that its axes show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Curve {
    /// As in the legend.
    pub name: String,
    /// Pixels from the left and from the top, and both values in words; the second with its spread.
    pub points: Vec<(u32, u32, String, String)>,
}

/// A row of a strip, from its label to its numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its label.
    pub name: String,
    /// Its upper edge.
    pub top: u32,
    /// Its height.
    pub height: u32,
}

impl Figure {
    /// A chart, with the values of its curves.
    pub fn chart(chart: &Chart<'_>) -> Figure {
        crate::chart::drawn(chart)
    }

    /// A strip, with the places of its rows.
    ///
    /// # Panics
    /// As [`crate::strips()`].
    pub fn strips(figure: &StripFigure<'_>) -> Figure {
        crate::strips::drawn(figure)
    }
}

impl From<String> for Figure {
    fn from(svg: String) -> Figure {
        Figure { svg, readout: Readout::default() }
    }
}

impl Readout {
    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.curves.is_empty() && self.rows.is_empty()
    }

    pub(crate) fn of_chart(chart: &Chart<'_>, plot: &Plot, width: f64) -> Readout {
        let names = match &chart.x.scale {
            Scale::Categories(names) => names.as_slice(),
            Scale::Linear | Scale::Log => &[],
        };
        let across = |point: &Point| match names.get(point.x.round().max(0.0) as usize) {
            Some(name) => name.clone(),
            None => number(point.x),
        };
        let read = |point: &Point| {
            let (x, y) = plot.at(point)?;
            let spread = point.band.map(|(low, high)| format!(" ({}–{})", number(low), number(high)));
            let value = number(point.y) + &spread.unwrap_or_default();
            Some((x.round() as u32, y.round() as u32, across(point), value))
        };
        let listed = chart.series.iter().filter(|one| one.mark != Mark::Points || one.points.len() <= CLOUD);
        let curves = listed.map(|one| {
            let every = one.points.len().div_ceil(POINTS).max(1);
            Curve {
                name: one.name.clone(),
                points: one.points.iter().step_by(every).filter_map(read).collect(),
            }
        });
        Readout {
            width: width.round() as u32,
            across: chart.x.label.clone(),
            curves: curves.filter(|curve| !curve.points.is_empty()).collect(),
            rows: vec![],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::GreyImage;
    use crate::series::{Axis, Series};
    use crate::strips::{NumberColumn, StripRow};

    #[test]
    fn what_is_read_off_a_chart_stands_where_it_is_drawn() {
        let mut chart = Chart::new("Errors", Axis::log("images"), Axis::linear("error, %"));
        let points = vec![Point::new(1000.0, 5.0), Point::with_band(60_000.0, 1.25, 1.0, 1.5)];
        chart.series.push(Series::new("pretrained", Mark::LineMarkers, points));
        let figure = Figure::chart(&chart);
        assert_eq!(figure.svg, crate::chart(&chart));
        let [curve] = &figure.readout.curves[..] else { panic!("{:?}", figure.readout) };
        assert_eq!((curve.name.as_str(), figure.readout.across.as_str()), ("pretrained", "images"));
        let [first, last] = &curve.points[..] else { panic!("{curve:?}") };
        assert_eq!((first.2.as_str(), first.3.as_str()), ("1000", "5"));
        assert_eq!((last.2.as_str(), last.3.as_str()), ("60\u{a0}000", "1.25 (1–1.5)"));
        assert!(first.0 < last.0 && first.1 < last.1, "{curve:?}");
        assert!(last.0 < figure.readout.width);
        // A marker is drawn within a pixel of either.
        for (x, y, ..) in &curve.points {
            let near = |text: &str, at: u32| {
                text.parse::<f64>().is_ok_and(|found| (found - f64::from(at)).abs() <= 0.5)
            };
            let found = figure.svg.split("<circle ").skip(1).any(|circle| {
                let attribute = |name: &str| circle.split(&format!("{name}=\"")).nth(1)?.split('"').next();
                attribute("cx").is_some_and(|cx| near(cx, *x))
                    && attribute("cy").is_some_and(|cy| near(cy, *y))
            });
            assert!(found, "no marker at {x}, {y}: {}", figure.svg);
        }
    }

    #[test]
    fn long_curves_are_thinned_and_clouds_left_out() {
        let many = |n: usize| (0..n).map(|i| Point::new(i as f64, 1.0 + (i % 7) as f64)).collect::<Vec<_>>();
        let mut chart = Chart::new("", Axis::linear("epoch"), Axis::linear("loss"));
        chart.series.push(Series::new("curve", Mark::Line, many(20_000)));
        chart.series.push(Series::new("cloud", Mark::Points, many(101)));
        let readout = Figure::chart(&chart).readout;
        assert_eq!(readout.curves.len(), 1);
        assert!((90..=100).contains(&readout.curves[0].points.len()));
    }

    #[test]
    fn rows_of_a_strip_lie_under_each_other_within_the_picture() {
        let dots = [0.0, 0.5, 1.0, 0.25];
        let image = || GreyImage::new(&dots, 2, 2);
        let row = |label: &str| StripRow {
            label: label.into(),
            images: vec![image(); 3],
            values: vec![0.5],
            ..StripRow::default()
        };
        let figure = StripFigure {
            title: "Samples".into(),
            columns: vec![NumberColumn { heading: "fidelity".into(), decimals: 2 }],
            rows: vec![row("after 1 epoch"), row("after 10 epochs")],
            ..StripFigure::default()
        };
        let Figure { svg, readout } = Figure::strips(&figure);
        assert_eq!(svg, crate::strips(&figure));
        let [one, two] = &readout.rows[..] else { panic!("{readout:?}") };
        assert_eq!((one.name.as_str(), two.name.as_str()), ("after 1 epoch", "after 10 epochs"));
        assert!(one.top + one.height <= two.top && one.height > 0);
        let height = svg.split("height=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert!(f64::from(two.top + two.height) <= height.parse::<f64>().unwrap());
    }

    #[test]
    fn a_readout_is_kept_as_json() {
        let readout = Readout {
            width: 300,
            across: "epoch".into(),
            curves: vec![Curve { name: "a".into(), points: vec![(1, 2, "3".into(), "4".into())] }],
            rows: vec![],
        };
        let text = serde_json::to_string(&readout).unwrap();
        assert_eq!(
            text,
            r#"{"width":300,"across":"epoch","curves":[{"name":"a","points":[[1,2,"3","4"]]}]}"#
        );
        assert_eq!(serde_json::from_str::<Readout>(&text).unwrap(), readout);
    }
}
