//! Curves: what would crush the rest is said at the edge, inks and dashes mean something, clouds stay small.

use report::{Axis, Chart, INK_OF_REPORT, Mark, Point, Reference, Series, chart};

use crate::xml::{Element, assert_texts_have_room, elements};

fn curve(name: &str, ys: &[f64]) -> Series {
    let points = ys.iter().enumerate().map(|(x, &y)| Point::new(x as f64 + 2.0, y)).collect();
    Series::new(name, Mark::LineMarkers, points)
}

fn drawn(series: Vec<Series>, y: Axis) -> String {
    let mut one = Chart::new("", Axis::linear("layers"), y);
    (one.series, one.beyond) = (series, "did not learn".to_owned());
    chart(&one)
}

fn texts(svg: &str) -> Vec<String> {
    elements(svg).into_iter().filter(|e| e.name == "text").map(|e| e.text).collect()
}

#[test]
fn a_network_that_did_not_learn_does_not_crush_the_others() {
    for y in [Axis::linear("error, %"), Axis::log("error, %")] {
        let random = curve("random", &[5.6, 7.8, 9.2, 88.65, 88.65, 88.65]);
        let svg = drawn(vec![curve("pretrained", &[4.1, 4.0, 4.1, 4.1, 4.4, 4.8]), random], y);
        let texts = texts(&svg);
        assert!(texts.iter().any(|text| text == "random, did not learn: 88.65"), "{texts:?}");
        assert!(
            texts.iter().any(|text| text == "9" || text == "10") && !texts.iter().any(|text| text == "80")
        );
        assert!(!svg.contains("left out"), "what is said at the edge is not left out");
        let arrows =
            elements(&svg).into_iter().filter(|e| e.attributes.get("class").is_some_and(|c| c == "f-s1"));
        assert_eq!(arrows.filter(|e| e.name == "path").count(), 3);
        assert_texts_have_room(&svg);
    }
}

#[test]
fn values_beyond_the_axis_are_said_as_a_range_below_as_well() {
    let rest = [curve("a", &[95.0, 96.0, 97.0]), curve("b", &[96.0, 97.0, 98.0])];
    let svg = drawn([&rest[..], &[curve("c", &[9.8, 11.35])]].concat(), Axis::linear("accuracy, %"));
    assert!(texts(&svg).contains(&"c, did not learn: 9.8 to 11.35".to_owned()), "{:?}", texts(&svg));
    assert_texts_have_room(&svg);
}

/// A legend says which is which; one curve is what the axis says.
#[test]
fn one_name_makes_no_legend() {
    let one = drawn(vec![curve("fidelity", &[0.5, 0.7])], Axis::linear("fidelity"));
    assert_eq!(texts(&one).iter().filter(|text| *text == "fidelity").count(), 1);
    let two = drawn(vec![curve("fidelity", &[0.5, 0.7]), curve("the report", &[0.6])], Axis::linear(""));
    assert!(["fidelity", "the report"].iter().all(|name| texts(&two).iter().any(|text| text == name)));
}

#[test]
fn one_kind_has_one_ink_and_a_dash_means_what_the_caller_means() {
    let test = Series { ink: Some(3), ..curve("random: test", &[3.0, 2.0]) };
    let training = Series { dash: true, ink: Some(3), ..curve("random: training", &[2.0, 1.0]) };
    let report = Series { ink: Some(INK_OF_REPORT), mark: Mark::Points, ..curve("the report", &[2.5]) };
    let elements =
        elements(&drawn(vec![test, training, report, curve("other", &[1.0, 2.0])], Axis::linear("")));
    let class = |e: &Element, name: &str| e.attributes.get("class").is_some_and(|class| class == name);
    let of_three: Vec<&Element> = elements.iter().filter(|e| e.name != "g" && class(e, "l-s3")).collect();
    // Two curves, and the sample of each in the legend, one of either with a dash.
    assert_eq!(of_three.len(), 4);
    let dashed = |name: &str| {
        of_three.iter().filter(|e| e.name == name && e.attributes.contains_key("stroke-dasharray")).count()
    };
    assert_eq!((dashed("path"), dashed("line")), (1, 1));
    assert!(elements.iter().any(|e| e.name == "circle" && class(e, "f-card l-ink")), "the report is hollow");
    assert!(elements.iter().any(|e| e.name == "path" && class(e, "l-s0")), "the next free slot is the first");
}

#[test]
fn a_reference_that_the_axis_cannot_show_is_counted() {
    let mut one = Chart::new("", Axis::linear("epoch"), Axis::log("error"));
    one.series.push(curve("", &[1.0, 0.1]));
    let reference = |y: f64| Reference { label: format!("bound {y}"), y };
    one.references = vec![reference(0.0), reference(0.5)];
    let svg = chart(&one);
    assert!(
        svg.contains("1 reference line that the axes cannot show is left out.") && svg.contains("bound 0.5")
    );
    assert!(!svg.contains("bound 0<"));
    one.references.push(reference(f64::NAN));
    assert!(chart(&one).contains("2 reference lines that the axes cannot show are left out."));
}

#[test]
fn ticks_around_ln_2_differ() {
    let ln2 = std::f64::consts::LN_2;
    let svg = drawn(vec![curve("", &[ln2 - 1e-7, ln2, ln2 + 1e-7])], Axis::linear("loss, nats"));
    let texts = texts(&svg);
    assert!(texts.iter().any(|text| text.starts_with("loss, nats (0.693147")), "{texts:?}");
    let mut labels = texts.clone();
    labels.sort();
    labels.dedup();
    assert_eq!(labels.len(), texts.len(), "{texts:?}");
}

#[test]
fn a_hundred_thousand_markers_are_thinned() {
    let cloud = |i: u32| {
        let x = f64::from(i) / 1e5;
        Point::new(x, x + (f64::from(i) * 0.618_033_988_7).fract())
    };
    for mark in [Mark::Points, Mark::LineMarkers] {
        let mut one = Chart::new("", Axis::linear("x"), Axis::linear("y"));
        let mut points: Vec<Point> = (0..100_000).map(cloud).collect();
        if mark == Mark::LineMarkers {
            // Every other value is missing: each marker stands alone.
            points.iter_mut().step_by(2).for_each(|point| point.y = f64::NAN);
        }
        one.series.push(Series::new("", mark, points));
        let svg = chart(&one);
        assert!(svg.len() < 1_000_000, "{mark:?}: {} bytes", svg.len());
        assert!(svg.matches("<circle").count() > 2000, "the cloud keeps its shape");
    }
}
