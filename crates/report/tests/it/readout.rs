//! What is read off a figure lies where it is drawn.

use report::readout::{Curve, Readout};
use report::{Axis, Chart, Figure, GreyImage, Mark, NumberColumn, Point, Series, StripFigure, StripRow};

#[test]
fn what_is_read_off_a_chart_stands_where_it_is_drawn() {
    let mut chart = Chart::new("Errors", Axis::log("images"), Axis::linear("error, %"));
    let points = vec![Point::new(1000.0, 5.0), Point::with_band(60_000.0, 1.25, 1.0, 1.5)];
    chart.series.push(Series::new("pretrained", Mark::LineMarkers, points));
    let figure = Figure::chart(&chart);
    assert_eq!(figure.svg, report::chart(&chart));
    let [curve] = &figure.readout.curves[..] else { panic!("{:?}", figure.readout) };
    assert_eq!((curve.name.as_str(), figure.readout.across.as_str()), ("pretrained", "images"));
    let [first, last] = &curve.points[..] else { panic!("{curve:?}") };
    assert_eq!((first.2.as_str(), first.3.as_str()), ("1000", "5"));
    assert_eq!((last.2.as_str(), last.3.as_str()), ("60\u{a0}000", "1.25 (1–1.5)"));
    assert!(first.0 < last.0 && first.1 < last.1, "{curve:?}");
    assert!(last.0 < figure.readout.width);
    // A marker is drawn within a pixel of either.
    for (x, y, ..) in &curve.points {
        let near =
            |text: &str, at: u32| text.parse::<f64>().is_ok_and(|found| (found - f64::from(at)).abs() <= 0.5);
        let found = figure.svg.split("<circle ").skip(1).any(|circle| {
            let attribute = |name: &str| circle.split(&format!("{name}=\"")).nth(1)?.split('"').next();
            attribute("cx").is_some_and(|cx| near(cx, *x)) && attribute("cy").is_some_and(|cy| near(cy, *y))
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
    assert_eq!(svg, report::strips(&figure));
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
    assert_eq!(text, r#"{"width":300,"across":"epoch","curves":[{"name":"a","points":[[1,2,"3","4"]]}]}"#);
    assert_eq!(serde_json::from_str::<Readout>(&text).unwrap(), readout);
}
