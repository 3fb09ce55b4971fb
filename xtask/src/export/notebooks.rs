//! A notebook for each experiment: its figures as outputs of the cells that draw them again.

use anyhow::Result;
use disk::{Folder, Name};
use engine::weights;
use export::notebook::{Cell, Notebook, Output};
use export::redraw::{self, Drawing, Table};
use report::{FigureEntry, Section};

use super::Run;
use super::tables;

/// Height and width of the images that rows of weights can be.
const SIZES: [(usize, usize); 2] = [(20, 16), (28, 28)];

/// Writes them; gives how many there are.
pub fn write(run: &Run) -> Result<usize> {
    for (folder, section) in &run.parts {
        let notebook = notebook(run, folder, section)?;
        run.write("notebook", &format!("{}--{}.ipynb", section.id, section.protocol), &notebook.to_json())?;
    }
    Ok(run.parts.len())
}

fn notebook(run: &Run, folder: &Folder, section: &Section) -> Result<Notebook> {
    let tables = tables::all(folder)?;
    let mut drawings: Vec<Drawing> = Vec::new();
    for table in &tables {
        drawings.extend(redraw::drawings(Table {
            file: &table.file,
            columns: &table.columns,
            records: &table.records,
        }));
    }
    let Section { id, protocol, title, question, .. } = section;
    let again = protocol.split('+').next().unwrap_or_default();
    let stamp = if section.standin { format!("\n\n**{}**", engine::page::STAMP) } else { String::new() };
    let words = format!(
        "# {title}\n\n{question}{stamp}\n\n`cargo xtask reproduce {id}:{again} --profile {}` makes the figures below; run the cells, and \
         matplotlib draws them again from the same rows.",
        run.profile
    );
    let code = |source: String, outputs| Cell::Code { source, outputs };
    let mut cells =
        vec![Cell::Markdown(words), code(redraw::preamble(&format!("../../{id}/{protocol}")), vec![])];
    for figure in &section.figures {
        let bytes = folder.read(&Name::new(&figure.file)?)?;
        cells.push(Cell::Markdown(format!("**{}**: {}", figure.file, figure.caption)));
        let call = match fitting(figure, &bytes, &drawings) {
            Some(drawing) => drawing.call(),
            None => redraw::picture(&figure.file),
        };
        cells.push(code(call, vec![output(&figure.file, bytes)]));
    }
    for file in tables::weights(folder)? {
        cells.push(Cell::Markdown(format!("**{file}**: weights, one row a unit")));
        let described = weights::describe(&folder.file(&file))?;
        let line = |tensor: &weights::Summary| {
            format!("{} {} {}\n", tensor.name, kind(tensor.kind), shape(&tensor.shape))
        };
        let text = described.tensors.iter().map(line).collect();
        cells.push(code(redraw::weights(file.as_str(), &SIZES), vec![Output::Text(text)]));
    }
    Ok(Notebook { cells })
}

fn output(file: &str, bytes: Vec<u8>) -> Output {
    match String::from_utf8(bytes) {
        Ok(text) if file.ends_with(".svg") => Output::Svg(text),
        Ok(text) => Output::Png(text.into_bytes()),
        Err(other) => Output::Png(other.into_bytes()),
    }
}

/// The drawing whose metric has most words in common with a figure's name and words; none for pictures, and where no word is common.
fn fitting<'a>(figure: &FigureEntry, bytes: &[u8], drawings: &'a [Drawing]) -> Option<&'a Drawing> {
    let is_picture = !figure.file.ends_with(".svg") || bytes.windows(6).any(|window| window == b"<image");
    if is_picture {
        return None;
    }
    let stem = words(figure.file.trim_end_matches(".svg"));
    let told = words(&format!("{} {}", figure.alt, figure.caption));
    let says_epoch = stem.iter().chain(&told).any(|word| word == "epoch" || word == "epochs");
    let score = |drawing: &&Drawing| {
        let own = words(&drawing.metric);
        let common = |others: &[String]| own.iter().filter(|word| others.contains(word)).count();
        // The name of the file says more than a caption, and of equals the metric of fewer words is the plainer one.
        let along = usize::from((drawing.along == "epoch") == says_epoch);
        let words = 3 * common(&stem) + common(&told);
        (if words > 0 { words + 2 * along } else { 0 }, std::cmp::Reverse(own.len()))
    };
    let epochs = stem.iter().any(|word| word == "epochs");
    let bounds = ["_low", "_high"];
    let plain = drawings.iter().filter(|drawing| {
        !drawing.metric.starts_with("floor_")
            && !bounds.iter().any(|end| drawing.metric.ends_with(end))
            && (!epochs || drawing.along == "epoch")
    });
    // The first of equals: tables have the most important metrics first.
    let best = plain.rev().max_by_key(score)?;
    (score(&best).0 > 0).then_some(best)
}

/// Words in lower case without accents; a mean squared error is an error.
fn words(text: &str) -> Vec<String> {
    let plain = text.to_lowercase().replace('é', "e").replace("mse", "error").replace("nll", "likelihood");
    let split = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    split.map(str::to_owned).collect()
}

/// NumPy's name of a type.
fn kind(kind: &str) -> &str {
    match kind {
        "F32" => "float32",
        "F64" => "float64",
        "U8" => "uint8",
        "U64" => "uint64",
        "I64" => "int64",
        other => other,
    }
}

/// A shape as Python prints it.
fn shape(sizes: &[usize]) -> String {
    let texts: Vec<String> = sizes.iter().map(usize::to_string).collect();
    match &texts[..] {
        [only] => format!("({only},)"),
        all => format!("({})", all.join(", ")),
    }
}
