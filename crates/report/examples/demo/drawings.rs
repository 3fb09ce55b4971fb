//! One figure of each kind, from made-up data.

use report::*;

/// A 20×16 glyph: a ring or a bar that gets noisier.
fn glyph(kind: usize, noise: f64) -> Vec<f32> {
    let draw = |index: usize| {
        let (y, x) = ((index / 16) as f64 - 9.5, (index % 16) as f64 - 7.5);
        let on = match kind % 5 {
            0 => (((y / 8.5).powi(2) + (x / 6.0).powi(2)).sqrt() - 0.85).abs() < 0.17,
            1 => x.abs() < 1.2 && y.abs() < 9.0,
            2 => (y.abs() > 6.5 && y.abs() < 9.0 && x.abs() < 6.0) || (y + x * 1.1).abs() < 1.4,
            3 => y.abs() < 9.0 && ((x.abs() - 5.0).abs() < 1.1 || y.abs() < 1.1) && x.abs() < 6.1,
            _ => {
                (x.abs() * 2.6 - 9.0 - y).abs() < 2.2 && y.abs() < 9.0
                    || (y - 3.0).abs() < 1.0 && x.abs() < 4.0
            }
        };
        let coin = ((index * 7919 + kind * 104_729 + 13) as f64 * 0.618_033_988_7).fract();
        if (coin < noise) != on { 1.0 } else { 0.0 }
    };
    (0..320).map(draw).collect()
}

fn eight_panels(stamp: Option<&str>) -> String {
    let units = [1, 10, 100, 320, 500, 1000, 10_000, 100_000];
    let measured = [0.2767, 0.1783, 0.0317, 0.0091, 0.0030, 0.0021, 0.0003, 0.0002];
    let report = [0.27668, 0.17965, 0.03221, 0.00938, 0.00288, 0.00208, 0.00032, 0.00016];
    let glyphs: Vec<Vec<f32>> =
        (0..8).map(|i| glyph(0, [0.3, 0.2, 0.08, 0.01, 0.0, 0.01, 0.1, 0.2][i])).collect();
    let panel = |i: usize| Panel {
        title: format!("({}) q = {}", (b'a' + i as u8) as char, text::grouped(units[i])),
        images: vec![GreyImage::new(&glyphs[i], 20, 16)],
        image_columns: 1,
        captions: vec![format!("MSE {:.4} sampled", measured[i]), format!("report {:.5}", report[i])],
    };
    let title = "‘0’ drawn by RBMs of eight widths".to_owned();
    panels(&PanelFigure {
        title,
        panels: (0..8).map(panel).collect(),
        scale: 7,
        stamp,
        ..PanelFigure::default()
    })
}

fn ten_strips(stamp: Option<&str>) -> String {
    let glyphs: Vec<Vec<f32>> = (0..220).map(|i| glyph(i % (i / 20 + 1), (i / 20) as f64 * 0.015)).collect();
    let images = |row: usize| (0..20).map(|i| GreyImage::new(&glyphs[row * 20 + i], 20, 16)).collect();
    let row = |i: usize| StripRow {
        label: if i == 10 {
            "held-out images".to_owned()
        } else {
            format!("{} classes: {}", i + 1, (0..=i).map(|d| d.to_string()).collect::<Vec<_>>().join(" "))
        },
        images: images(i),
        values: vec![
            0.97 - 0.06 * i as f64,
            if i == 4 { f64::NAN } else { 3.1 + 11.73 * i as f64 },
            0.8 + 0.3 * i as f64,
        ],
        kind: if i == 10 { RowKind::Reference } else { RowKind::Plain },
    };
    let column = |heading: &str, decimals| NumberColumn { heading: heading.to_owned(), decimals };
    strips(&StripFigure {
        title: "Samples after 1000 Gibbs steps, by the number of classes learnt".to_owned(),
        columns: vec![
            column("class confidence", 2),
            column("Fréchet distance", 1),
            column("nearest training image", 2),
        ],
        rows: (0..11).map(row).collect(),
        stamp,
        ..StripFigure::default()
    })
}

fn filters() -> String {
    let wave = |k: usize| -> Vec<f32> {
        let value = |i: usize| {
            ((i / 16) as f32 * 0.3 * (k % 4) as f32).sin() * ((i % 16) as f32 * 0.25 * (k / 4) as f32).cos()
        };
        (0..320).map(value).collect()
    };
    let waves: Vec<Vec<f32>> = (0..48).map(wave).collect();
    let panel = |i: usize| Panel {
        title: ["after 50 iterations", "after 1500 iterations"][i].to_owned(),
        images: waves[i * 24..][..24].iter().map(|wave| GreyImage::new(wave, 20, 16)).collect(),
        image_columns: 8,
        captions: vec!["Blue is negative, red positive, on one scale for both panels.".to_owned()],
    };
    let tone = Tone::Signed(SignedScale::Shared);
    panels(&PanelFigure {
        panels: vec![panel(0), panel(1)],
        columns: 2,
        scale: 2,
        tone,
        ..PanelFigure::default()
    })
}

fn curve(name: &str, mark: Mark, xs: &[f64], f: impl Fn(f64) -> f64) -> Series {
    let points = xs.iter().map(|&x| Point::with_band(x, f(x), f(x) * 0.85, f(x) * 1.2)).collect();
    Series::new(name, mark, points)
}

fn log_chart(stamp: Option<&str>) -> String {
    let x = Axis::log("hidden units q");
    let mut one = Chart::new(
        "The error falls all the way, the samples do not",
        x,
        Axis::log("mean squared error per pixel"),
    );
    let units = [1.0, 10.0, 100.0, 320.0, 500.0, 1000.0, 1e4, 1e5];
    let names =
        ["sampled, training images", "sampled, held-out images", "probabilities, training images", "report"];
    let powers = [0.75, 0.45, 0.9, 0.7];
    for (index, (name, power)) in names.iter().zip(powers).enumerate() {
        let mark = if index == 3 { Mark::Points } else { Mark::LineMarkers };
        one.series.push(curve(name, mark, &units, |q: f64| 0.28 / (1.0 + 0.06 * q.powf(power))));
    }
    one.series[3].points.iter_mut().for_each(|point| point.band = None);
    one.references.push(Reference { label: "chance: 0.25".to_owned(), y: 0.25 });
    one.references.push(Reference { label: "a tenth of a flipped pixel".to_owned(), y: 0.00031 });
    one.note = "Bands: minimum to maximum over 5 seeds.".to_owned();
    one.stamp = stamp;
    chart(&one)
}

fn line_chart(legend: LegendSide) -> String {
    let layers: Vec<f64> = (1..=5).map(f64::from).collect();
    let mut one = Chart::new("", Axis::linear("hidden layers"), Axis::linear("test error, %"));
    one.series.push(curve("pretrained", Mark::LineMarkers, &layers, |l| 2.1 - 0.12 * l));
    one.series.push(curve("random start", Mark::LineMarkers, &layers, |l| 3.0 + 0.2 * l));
    one.series.push(curve("random start, tuned", Mark::LineMarkers, &layers, |l| 1.9 + 0.02 * l));
    one.references.push(Reference { label: "report: 1.5".to_owned(), y: 1.5 });
    one.legend = legend;
    chart(&one)
}

fn long_chart() -> String {
    let steps: Vec<f64> = (0..20_000).map(f64::from).collect();
    let y = Axis::linear("loss, nats");
    let mut one = Chart::new("Generator and discriminator", Axis::linear("step"), y);
    let wobble = |t: f64, k: f64| (t * k).sin() * 0.2 + (t * k * 7.3).sin() * 0.15;
    for (name, k, level) in [("generator", 0.011, 1.7), ("discriminator", 0.017, 0.6)] {
        let point = |&t: &f64| Point::new(t, level + wobble(t, k) + (-t / 2000.0).exp());
        one.series.push(Series::new(name, Mark::Line, steps.iter().map(point).collect()));
    }
    one.series[0].points[77].y = f64::INFINITY;
    chart(&one)
}

fn bars() -> String {
    let names = ["2×200", "2×300", "2×400", "4×200", "4×300", "4×400"];
    let mut one = Chart::new("", Axis::categories("network", &names), Axis::linear("test error, %"));
    for (name, level) in [("pretrained", 1.9), ("random", 2.6)] {
        let point = |i: usize| {
            Point::with_band(
                i as f64,
                level - 0.06 * i as f64,
                level - 0.06 * i as f64 - 0.1,
                level - 0.06 * i as f64 + 0.12,
            )
        };
        one.series.push(Series::new(name, Mark::Bars, (0..6).map(point).collect()));
    }
    one.references.push(Reference { label: "report: 1.5".to_owned(), y: 1.5 });
    chart(&one)
}

/// Curves of which one leaves: its networks learn nothing from five layers on.
fn broken() -> String {
    let mut one = Chart::new(
        "Test error after the last epoch",
        Axis::linear("hidden layers of 200 units"),
        Axis::linear("test error, %"),
    );
    let curve = |name: &str, slot: usize, ys: [f64; 8]| {
        let points = ys
            .iter()
            .enumerate()
            .map(|(x, &y)| Spread::interval(y, 0.92 * y, 1.08 * y).point(x as f64 + 2.0));
        Series { ink: Some(slot), ..Series::new(name, Mark::LineMarkers, points.collect()) }
    };
    one.series.push(curve("pretrained", 0, [4.1, 4.0, 4.1, 4.1, 4.4, 4.8, 5.1, 4.9]));
    one.series.push(curve("random", 1, [5.6, 7.8, 9.2, 88.65, 88.65, 88.65, 88.65, 88.65]));
    one.series.push(curve("tuned random", 2, [4.6, 4.3, 4.5, 4.4, 4.7, 4.5, 4.4, 4.4]));
    let report =
        [3.0, 3.2, 3.1, 3.3].iter().enumerate().map(|(x, &y)| Point::new(x as f64 + 2.0, y)).collect();
    one.series
        .push(Series { ink: Some(INK_OF_REPORT), ..Series::new("the report", Mark::LineMarkers, report) });
    let real = (2..10).map(|x| Point::new(f64::from(x), 2.0)).collect();
    one.series.push(Series { ink: Some(INK_OF_REAL), ..Series::new("real images", Mark::LineMarkers, real) });
    one.beyond = "did not learn".to_owned();
    one.note = spread::EXPLAINED.to_owned();
    chart(&one)
}

/// Four starts in their colours, the training error dashed.
fn starts() -> String {
    let mut one = Chart::new("Error after every epoch", Axis::linear("epoch"), Axis::log("error, %"));
    for (slot, name) in ["pretrained", "random", "tuned random", "sigmoid"].iter().enumerate() {
        for (what, dash) in [("test", false), ("training", true)] {
            let level = |t: f64| {
                (3.0 + slot as f64) * (0.3 + (-t / 8.0).exp()) * if dash { (-t / 15.0).exp() } else { 1.0 }
            };
            let points = (0..60).map(|t| Point::new(f64::from(t), level(f64::from(t)))).collect();
            let series = Series::new(&format!("{name}: {what}"), Mark::Line, points);
            one.series.push(Series { ink: Some(slot), dash, ..series });
        }
    }
    chart(&one)
}

/// Eight kinds of models, and a loss that hardly moves.
fn eight() -> String {
    let mut one = Chart::new("", Axis::log("hidden units"), Axis::log("Fréchet distance"));
    for slot in 0..SLOTS {
        let points = (0..6).map(|i| Point::new(f64::from(1 << i), 20.0 + 3.0 * slot as f64 - f64::from(i)));
        one.series.push(Series::new(&format!("kind {slot}"), Mark::LineMarkers, points.collect()));
    }
    chart(&one)
}

fn plateau() -> String {
    let mut one = Chart::new("", Axis::linear("step"), Axis::linear("loss, nats"));
    let points =
        (0..40).map(|i| Point::new(f64::from(i), std::f64::consts::LN_2 + 1e-7 * f64::from(i).sin()));
    one.series.push(Series::new("", Mark::Line, points.collect()));
    one.references.push(Reference { label: "ln 2".to_owned(), y: std::f64::consts::LN_2 });
    chart(&one)
}

fn heat_maps() -> String {
    let map = |i: usize| HeatMap {
        title: format!("λ = {}", [1, 10][i]),
        values: (0..20).map(|v| (v * 7 % 20) as f64 / 3.0 - 3.0 * i as f64).collect(),
        ink: [HeatInk::Amount, HeatInk::Signed][i],
        decimals: 2,
        caption: format!("cost {}", 3 - i),
    };
    let rows = ["Anna", "Bernard", "Camille", "Dora"].map(str::to_owned).to_vec();
    let columns = ["tart", "ice cream", "cake", "fruit", "waffle"].map(str::to_owned).to_vec();
    let maps = vec![map(0), map(1)];
    let title = "Who eats what".to_owned();
    heat(&HeatFigure { title, rows, columns, maps, per_line: 2, note: "Portions.".to_owned(), stamp: None })
}

fn colour_pictures() -> (String, String) {
    let pixel = |i: usize| [(i % 60) as f64 / 60.0, (i / 60) as f64 / 45.0, 0.4];
    let colours: Vec<[f64; 3]> = (0..2700).map(pixel).collect();
    let pixels: Vec<u8> = colours.iter().flatten().map(|c| (c * 255.0) as u8).collect();
    let tile = |title: &str| Tile {
        title: title.to_owned(),
        picture: ColourImage::new(&pixels, 45, 60),
        caption: "As it is.".to_owned(),
    };
    let (title, tiles) = (String::new(), vec![tile("before"), tile("after")]);
    let hung = gallery(&GalleryFigure { title, tiles, columns: 2, tile_width: 210.0, stamp: None });
    let some: Vec<[f64; 3]> = colours.iter().step_by(9).copied().collect();
    let cloud = |title: &str| ColourCloud {
        title: title.to_owned(),
        colours: &some,
        caption: "300 colours".to_owned(),
    };
    let (title, clouds) = (String::new(), vec![cloud("before"), cloud("after")]);
    (hung, cubes(&CubeFigure { title, clouds, columns: 2, side: 210.0, stamp: None }))
}

fn slanted() -> String {
    let names: Vec<String> = (0..12).map(|i| format!("{i} contrastive-divergence variant")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut one = Chart::new("", Axis::categories("", &names), Axis::linear("Fréchet distance"));
    let point = |i: usize| Point::with_band(i as f64, 12.0 + i as f64, 10.0 + i as f64, 15.0 + i as f64);
    one.series.push(Series::new("", Mark::Points, (0..12).map(point).collect()));
    chart(&one)
}

/// All figures: names and bytes.
pub fn drawings(stamp: Option<&str>) -> Vec<(&'static str, Vec<u8>)> {
    let glyphs: Vec<Vec<f32>> = (0..36).map(|i| glyph(i, 0.01)).collect();
    let images: Vec<GreyImage<'_>> = glyphs.iter().map(|glyph| GreyImage::new(glyph, 20, 16)).collect();
    let (hung, clouds) = colour_pictures();
    let grid = png_grid(&images, &GridStyle { columns: 12, ..GridStyle::default() });
    vec![
        ("panels.svg", eight_panels(stamp).into_bytes()),
        ("strips.svg", ten_strips(stamp).into_bytes()),
        ("error.svg", log_chart(stamp).into_bytes()),
        ("layers.svg", line_chart(LegendSide::Below).into_bytes()),
        ("layers-right.svg", line_chart(LegendSide::Right).into_bytes()),
        ("loss.svg", long_chart().into_bytes()),
        ("filters.svg", filters().into_bytes()),
        ("bars.svg", bars().into_bytes()),
        ("slanted.svg", slanted().into_bytes()),
        ("broken.svg", broken().into_bytes()),
        ("starts.svg", starts().into_bytes()),
        ("eight.svg", eight().into_bytes()),
        ("plateau.svg", plateau().into_bytes()),
        ("heat.svg", heat_maps().into_bytes()),
        ("gallery.svg", hung.into_bytes()),
        ("cubes.svg", clouds.into_bytes()),
        ("grid.png", grid),
    ]
}
