//! Charts: nothing leaves its place, and nothing that cannot be shown goes unsaid.

use crate::xml::{Element, assert_texts_have_room, elements};
use proptest::prelude::*;
use report::{Axis, Chart, LegendSide, Mark, Point, Reference, Series, chart};

fn series(name: &str, mark: Mark, points: &[(f64, f64)]) -> Series {
    let points = points.iter().map(|&(x, y)| Point::with_band(x, y, 0.8 * y, 1.2 * y)).collect();
    Series::new(name, mark, points)
}

fn example(x: Axis, y: Axis, side: LegendSide, name: &str) -> Chart<'static> {
    let mut one = Chart::new(&format!("{name} against units"), x, y);
    for (index, mark) in [Mark::LineMarkers, Mark::Points, Mark::Line, Mark::Bars].into_iter().enumerate() {
        let points: Vec<(f64, f64)> =
            (0..6).map(|i| (i as f64, 0.3 / (1.0 + i as f64 * (index + 1) as f64))).collect();
        one.series.push(series(&format!("{name} {index}"), mark, &points));
    }
    for y in [0.1, 0.101, 0.099, 0.3] {
        one.references.push(Reference { label: format!("report, {name}: {y}"), y });
    }
    one.legend = side;
    one.note = format!("Bands: minimum to maximum over 5 seeds; {name}.");
    one.stamp = Some("drawn stand-in data");
    one
}

fn variants(name: &str) -> Vec<Chart<'static>> {
    let names: Vec<String> = (0..6).map(|i| format!("{name} number {i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let xs = [Axis::linear("hidden units"), Axis::log("hidden units"), Axis::categories(name, &names)];
    let mut out = Vec::new();
    for x in &xs {
        for y in [Axis::linear("error, %"), Axis::log(name)] {
            for side in [LegendSide::Below, LegendSide::Right] {
                out.push(example(x.clone(), y.clone(), side, name));
            }
        }
    }
    out
}

fn plot_of(elements: &[Element]) -> [f64; 4] {
    let plot =
        elements.iter().find(|e| e.attributes.get("class").is_some_and(|class| class == "plot")).unwrap();
    let (left, top) = (plot.number("x"), plot.number("y"));
    [left, left + plot.number("width"), top, top + plot.number("height")]
}

#[test]
fn words_stay_inside_the_card_and_apart() {
    for name in ["q", "sampled, held-out <images> & \"more\"", "Donaudampfschifffahrtsgesellschaftskapitän"]
    {
        for one in variants(name) {
            assert_texts_have_room(&chart(&one));
        }
    }
}

#[test]
fn legend_and_reference_labels_stand_outside_the_plotting_area() {
    for one in variants("a name of some length") {
        let elements = elements(&chart(&one));
        let [left, right, top, bottom] = plot_of(&elements);
        for text in elements.iter().filter(|e| e.name == "text" && !e.attributes.contains_key("transform")) {
            let [l, r, t, b] = text.text_box();
            assert!(r <= left || l >= right || b <= top || t >= bottom, "{text:?} covers the plotting area");
        }
    }
}

#[test]
fn what_an_axis_cannot_show_is_counted_in_a_note() {
    let mut one = Chart::new("", Axis::linear("epoch"), Axis::log("error"));
    let points = [(0.0, 1.0), (1.0, 0.0), (2.0, f64::NAN), (3.0, 0.1), (4.0, 0.01)];
    one.series.push(series("", Mark::Line, &points));
    assert!(chart(&one).contains("2 values that the axes cannot show are left out."));
    one.series[0].points.retain(|point| point.y > 0.0);
    assert!(!chart(&one).contains("left out"));
}

#[test]
fn a_line_breaks_where_a_value_is_missing() {
    let mut one = Chart::new("", Axis::linear(""), Axis::linear(""));
    let points: Vec<Point> =
        (0..7).map(|i| Point::new(i as f64, if i == 3 { f64::NAN } else { 1.0 + i as f64 })).collect();
    one.series.push(Series::new("", Mark::Line, points));
    let lines = elements(&chart(&one)).into_iter().filter(|e| e.name == "path");
    assert_eq!(lines.count(), 2);
}

#[test]
fn twenty_thousand_points_keep_their_extremes_and_stay_small() {
    let mut one = Chart::new("", Axis::linear("step"), Axis::linear("loss"));
    let spike = |i: usize| if i == 12_345 { 9.0 } else { 1.0 + (i % 7) as f64 * 0.1 };
    let points = (0..20_000).map(|i| Point::new(i as f64, spike(i))).collect();
    one.series.push(Series::new("", Mark::Line, points));
    let svg = chart(&one);
    assert!(svg.len() < 60_000, "{} bytes", svg.len());
    let elements = elements(&svg);
    let [_, _, top, bottom] = plot_of(&elements);
    let path = elements.iter().find(|e| e.name == "path").unwrap();
    let highest = path.attributes["d"]
        .split(['M', 'L'])
        .filter_map(|p| p.split_once(' '))
        .map(|(_, y)| y.parse::<f64>().unwrap());
    let highest = highest.fold(f64::INFINITY, f64::min);
    // The axis runs from 0 to 10.
    assert!((highest - (bottom - 0.9 * (bottom - top))).abs() < 0.02, "the spike is drawn at {highest}");
}

#[test]
fn the_same_chart_has_the_same_bytes() {
    for (one, again) in variants("q").iter().zip(&variants("q")) {
        assert_eq!(chart(one), chart(again));
    }
}

proptest! {
    #[test]
    fn any_values_make_a_well_formed_chart_inside_its_card(
        values in prop::collection::vec((any::<f64>(), any::<f64>(), any::<f64>()), 0..30),
        (log_x, log_y, mark) in (any::<bool>(), any::<bool>(), 0usize..4),
    ) {
        let axis = |log: bool| if log { Axis::log("values") } else { Axis::linear("values") };
        let mut one = Chart::new("Anything", axis(log_x), axis(log_y));
        let points = values.iter().map(|&(x, y, high)| Point::with_band(x, y, y, high)).collect();
        let mark = [Mark::LineMarkers, Mark::Points, Mark::Line, Mark::Bars][mark];
        one.series.push(Series::new("anything", mark, points));
        let svg = chart(&one);
        assert_texts_have_room(&svg);
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}
