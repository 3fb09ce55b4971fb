//! Draws one of each, from made-up data, into the folder it is given: figures, a page and its Markdown.
//!
//! `cargo run -p report --example demo -- FOLDER`

use std::path::Path;

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
        captions: vec![
            "Blue is negative, white zero, red positive, on one scale for both panels.".to_owned(),
        ],
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
    Series { name: name.to_owned(), points, mark }
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
        one.series.push(Series {
            name: name.to_owned(),
            points: steps.iter().map(point).collect(),
            mark: Mark::Line,
        });
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
        one.series.push(Series {
            name: name.to_owned(),
            points: (0..6).map(point).collect(),
            mark: Mark::Bars,
        });
    }
    one.references.push(Reference { label: "report: 1.5".to_owned(), y: 1.5 });
    chart(&one)
}

fn slanted() -> String {
    let names: Vec<String> = (0..12).map(|i| format!("{i} contrastive-divergence variant")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut one = Chart::new("", Axis::categories("", &names), Axis::linear("Fréchet distance"));
    let point = |i: usize| Point::with_band(i as f64, 12.0 + i as f64, 10.0 + i as f64, 15.0 + i as f64);
    one.series.push(Series { name: String::new(), points: (0..12).map(point).collect(), mark: Mark::Points });
    chart(&one)
}

fn drawings(stamp: Option<&str>) -> Vec<(&'static str, Vec<u8>)> {
    let glyphs: Vec<Vec<f32>> = (0..36).map(|i| glyph(i, 0.01)).collect();
    let images: Vec<GreyImage<'_>> = glyphs.iter().map(|glyph| GreyImage::new(glyph, 20, 16)).collect();
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
        ("grid.png", grid),
    ]
}

fn claims(index: usize) -> Vec<ClaimRow> {
    let claim = |says: &str, reported: &str, measured: &str, verdict, why: &str| ClaimRow {
        says: says.to_owned(),
        reported: reported.to_owned(),
        finding: Finding { verdict, measured: measured.to_owned(), why: why.to_owned() },
    };
    let all = vec![
        claim(
            "The error falls all the way to q = 100 000.",
            "0.27668 → 0.00016",
            "0.2767 → 0.0002",
            Verdict::Reproduced,
            "",
        ),
        claim(
            "q = 10 and q = 10 000 draw a bad ‘A’.",
            "",
            "0.41",
            Verdict::NotReproduced,
            "q = 10 000 scores above the held-out floor < 0.5 & stays there.",
        ),
        claim(
            "Five classes are the limit.",
            "5",
            "4–6",
            Verdict::Inconclusive,
            "The spread over 3 seeds covers both answers.",
        ),
    ];
    all.into_iter().take([3, 2, 1, 3, 0, 2, 3, 1, 2, 3][index]).collect()
}

fn page(stamp: Option<&str>, drawings: &[(&str, Vec<u8>)]) -> Page {
    let titles = [
        "How many hidden units draw a ‘0’?",
        "How many classes can one RBM hold?",
        "Does the error tell about the samples?",
    ];
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let section = |(index, (file, _)): (usize, &(&str, Vec<u8>))| {
        Section {
        id: format!("alpha-rbm-{}", file.split('.').next().unwrap_or("x")),
        protocol: ["scratch", "generative"][index % 2].to_owned(),
        title: titles[index % 3].to_owned(),
        question: "Does a wider machine draw better samples, or does it only copy what it has seen? The report looks at one letter.".to_owned(),
        reproduces: "Figure 3 (a)–(h)".to_owned(),
        figures: vec![FigureEntry {
            file: (*file).to_owned(),
            caption: "One sample after 50 Gibbs steps for each width; under it the mean squared error of sampled reconstructions of the training images, and the report’s.".to_owned(),
            alt: "Eight small pictures of a zero".to_owned(),
        }],
        tables: if index == 2 { vec![table()] } else { Vec::new() },
        claims: claims(index),
        hyperparameters: vec![pair("learning rate", "0.1"), pair("batch", "5"), pair("epochs", "100"), pair("Gibbs steps", "50")],
        cuts: if index == 1 { Vec::new() } else { vec!["epochs: 20 of 100".to_owned(), "hidden units: up to 10 000 of 100 000".to_owned()] },
        files: vec!["panel.csv".to_owned(), "manifest.json".to_owned()],
        notes: vec!["0.277 is above 0.25 and cannot come from probabilities.".to_owned()],
        ..Section::default()
    }
    };
    Page {
        title: "Five reports, reproduced".to_owned(),
        lead: "Restricted Boltzmann machines and deep belief networks on AlphaDigits: what the reports say, what we measured.".to_owned(),
        profile: "quick".to_owned(),
        data_note: "AlphaDigits: 36 classes of 39 binary images, 20 × 16 pixels.".to_owned(),
        stamp: stamp.map(str::to_owned),
        facts: vec![pair("experiments", "10"), pair("points trained", "112"), pair("seeds a point", "3")],
        sections: drawings.iter().enumerate().map(section).collect(),
    }
}

fn table() -> Table {
    let columns = vec![Column::text("model"), Column::number("hidden", ""), Column::number("error", "%")];
    let row =
        |name: &str, hidden: &str, error: &str| vec![name.to_owned(), hidden.to_owned(), error.to_owned()];
    let rows = vec![row("RBM", "100", "12.30"), row("DBN", "3 × 300", "9.07")];
    Table::new("Errors by model", columns, rows)
}

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "report-demo".to_owned());
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    for (name, bytes) in drawings(None) {
        std::fs::write(folder.join(name), bytes)?;
    }
    for (name, stamp) in [("index", None), ("standin", Some("drawn stand-in data"))] {
        let drawings = drawings(stamp);
        let page = page(stamp, &drawings);
        let picture = |_: &Section, figure: &FigureEntry| {
            drawings.iter().find(|(name, _)| *name == figure.file).map(|(_, bytes)| bytes.clone())
        };
        std::fs::write(folder.join(format!("{name}.html")), html(&page, &picture))?;
        std::fs::write(folder.join(format!("{name}.md")), markdown(&page))?;
    }
    Ok(())
}
