//! Draws one of each, from made-up data, into the folder it is given: figures, a page and its Markdown.
//!
//! `cargo run -p report --example demo -- FOLDER`

use std::path::Path;

use report::*;

mod drawings;

use drawings::drawings;

fn claims(index: usize) -> Vec<ClaimRow> {
    let claim = |says: &str, reported: &str, measured: &str, verdict, why: &str| ClaimRow {
        says: says.to_owned(),
        place: "Figure 3".to_owned(),
        reported: reported.to_owned(),
        finding: Finding::new(verdict, measured, why),
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
            Verdict::CannotTell,
            "The spread over 3 seeds covers both answers.",
        ),
    ];
    all.into_iter().take([3, 2, 1, 3, 0, 2, 3, 1, 2, 3][index % 10]).collect()
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
            readout: Readout::default(),
        }],
        tables: if index == 2 { vec![table()] } else { Vec::new() },
        claims: claims(index),
        hyperparameters: [["learning rate", "0.1", "stated, Table 2"], ["σ", "0.1", "chosen"]]
            .map(|row| row.map(str::to_owned).to_vec().into())
            .to_vec(),
        cuts: if index == 1 { Vec::new() } else { vec!["epochs: 20 of 100".to_owned(), "hidden units: up to 10 000 of 100 000".to_owned()] },
        files: vec!["panel.csv".to_owned(), "manifest.json".to_owned()],
        notes: vec!["0.277 is above 0.25 and cannot come from probabilities.".to_owned()],
        ..Section::default()
    }
    };
    Page {
        title: "Five reports, reproduced".to_owned(),
        about: "Restricted Boltzmann machines and deep belief networks on AlphaDigits: what the reports say, what we measured.".to_owned(),
        profile: "quick".to_owned(),
        data_note: "AlphaDigits: 36 classes of 39 binary images, 20 × 16 pixels.".to_owned(),
        stamp: stamp.map(str::to_owned),
        facts: vec![pair("experiments", "10"), pair("points trained", "112"), pair("seeds a point", "3")],
        chapters: vec![Chapter {
            slug: "report".to_owned(),
            title: "A report".to_owned(),
            snippets: drawings.iter().enumerate().map(|(index, own)| (name(&section((index, own))), snippet(index))).collect(),
            sections: drawings.iter().enumerate().map(section).collect(),
            ..Chapter::default()
        }],
        ..Page::default()
    }
}

fn name(section: &Section) -> String {
    format!("{}:{}", section.id, section.protocol)
}

/// Two of them in turn.
fn snippet(index: usize) -> Snippet {
    let name = ["rows", "columns"][index % 2];
    let sum = "let sum = numbers.iter().map(|number: &f64| number * number).sum::<f64>(); // in nats & bits";
    Snippet {
        name: name.to_owned(),
        says: format!("The squares of {name} are summed up."),
        gives: "Gives the sum.".to_owned(),
        source: format!("fn {name}(numbers: &[f64]) -> f64 {{\n    {sum}\n    sum\n}}"),
        command: format!("cargo run --example sums -- {name}"),
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
    for (name, stamp) in [("real", None), ("standin", Some("drawn stand-in data"))] {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder)?;
        let drawings = drawings(stamp);
        let page = page(stamp, &drawings);
        let picture = |_: &Section, figure: &FigureEntry| {
            drawings.iter().find(|(name, _)| *name == figure.file).map(|(_, bytes)| bytes.clone())
        };
        for (name, text) in html(&page, &picture) {
            std::fs::write(folder.join(name), text)?;
        }
        std::fs::write(folder.join("REPORT.md"), markdown(&page))?;
    }
    Ok(())
}
