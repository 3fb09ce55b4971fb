//! Python that reads tidy tables and weights and draws them with matplotlib: the cells of an exported notebook.
//!
//! It needs `numpy` and `matplotlib` and nothing else: safetensors are read with twelve lines of its own. Names and texts go into it as
//! JSON strings, which are Python's, too, so that no text of a table can become code.

/// What of a table one cell draws: a metric along a column, a line for each text of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// The table: `metrics.csv`.
    pub table: String,
    /// The metric.
    pub metric: String,
    /// The column along the horizontal axis.
    pub along: String,
    /// The columns that split rows into lines.
    pub split: Vec<String>,
}

/// A table as a cell needs to see it: names of columns, and records.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    /// Its file's name.
    pub file: &'a str,
    /// The names of the columns.
    pub columns: &'a [String],
    /// The fields of each record.
    pub records: &'a [Vec<String>],
}

/// Columns that say what was measured and which repeat it was, and are never a sweep.
const NO_SWEEP: [&str; 3] = ["metric", "value", "seed"];
/// More lines than this are no figure any more.
const MOST_LINES: usize = 24;

/// The drawings of a table: one for each metric that has at least two places along the column with most different numbers. A metric whose
/// rows would be more than 24 lines has none.
pub fn drawings(table: Table<'_>) -> Vec<Drawing> {
    let place = |name: &str| table.columns.iter().position(|column| column == name);
    let (Some(metric), Some(_)) = (place("metric"), place("value")) else { return vec![] };
    let mut names: Vec<&str> = Vec::new();
    for record in table.records {
        if !names.contains(&record[metric].as_str()) {
            names.push(&record[metric]);
        }
    }
    names.into_iter().filter_map(|name| drawing(table, metric, name)).collect()
}

fn drawing(table: Table<'_>, metric: usize, name: &str) -> Option<Drawing> {
    let rows: Vec<&Vec<String>> = table.records.iter().filter(|record| record[metric] == name).collect();
    let free = table.columns.iter().enumerate().filter(|(_, column)| !NO_SWEEP.contains(&column.as_str()));
    let mut sweeps: Vec<(&String, Vec<&str>)> = free
        .map(|(place, column)| (column, distinct(&rows, place)))
        .filter(|(_, texts)| texts.len() > 1)
        .collect();
    let numeric = |texts: &[&str]| texts.iter().all(|text| text.parse::<f64>().is_ok());
    let along = (0..sweeps.len()).filter(|&i| numeric(&sweeps[i].1)).max_by_key(|&i| sweeps[i].1.len())?;
    let (along, _) = sweeps.remove(along);
    let lines: usize = sweeps.iter().map(|(_, texts)| texts.len()).product();
    let split = sweeps.into_iter().map(|(column, _)| column.clone()).collect();
    (lines <= MOST_LINES).then(|| Drawing {
        table: table.file.to_owned(),
        metric: name.to_owned(),
        along: along.clone(),
        split,
    })
}

fn distinct<'a>(rows: &[&'a Vec<String>], place: usize) -> Vec<&'a str> {
    let mut texts: Vec<&str> = Vec::new();
    for row in rows {
        if !texts.contains(&row[place].as_str()) {
            texts.push(&row[place]);
        }
    }
    texts
}

/// The first cell: imports, where the files are, and the functions that the others call. `folder` is relative to the notebook.
pub fn preamble(folder: &str) -> String {
    PREAMBLE.replace("FOLDER", &quoted(folder))
}

impl Drawing {
    /// A call that draws it.
    pub fn call(&self) -> String {
        let split: Vec<String> = self.split.iter().map(|column| quoted(column)).collect();
        let (table, metric, along) = (quoted(&self.table), quoted(&self.metric), quoted(&self.along));
        format!("draw({table}, {metric}, along={along}, split=[{}])", split.join(", "))
    }
}

/// A call that shows a picture's file.
pub fn picture(file: &str) -> String {
    format!("picture({})", quoted(file))
}

/// A call that prints what is in a file of weights and draws the first unit's weights of each matrix that are as many as an image of
/// these sizes has pixels.
pub fn weights(file: &str, sizes: &[(usize, usize)]) -> String {
    let sizes: Vec<String> = sizes.iter().map(|(height, width)| format!("({height}, {width})")).collect();
    format!("filters({}, [{}])", quoted(file), sizes.join(", "))
}

/// A text as Python has it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

const PREAMBLE: &str = r#"import csv, json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

here = Path(FOLDER)


def rows(table):
    """The rows of a table, a dict each; value is a number."""
    with open(here / table, newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    for row in found:
        row["value"] = float(row["value"])
    return found


def draw(table, metric, along, split=()):
    """Means over seeds along a column, a line for each combination of texts in the columns of split."""
    lines = {}
    for row in rows(table):
        if row["metric"] == metric and row[along]:
            name = ", ".join(row[column] for column in split if row[column])
            lines.setdefault(name, {}).setdefault(float(row[along]), []).append(row["value"])
    figure, axes = plt.subplots()
    for name, places in lines.items():
        x = sorted(places)
        axes.plot(x, [np.mean(places[at]) for at in x], marker="o", label=name)
    x = sorted({at for places in lines.values() for at in places})
    if x[0] > 0 and x[-1] >= 50 * x[0] and along != "epoch":
        axes.set_xscale("log")
    axes.set_xlabel(along)
    axes.set_ylabel(metric)
    if any(lines):
        axes.legend(fontsize="small")
    plt.show()


def tensors(file):
    """The arrays of a safetensors file: the length of a header, the header as JSON, the values."""
    data = (here / file).read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    kinds = {"F32": "<f4", "F64": "<f8", "U8": "u1", "U64": "<u8", "I64": "<i8"}
    found = {}
    for name, entry in json.loads(data[8:end]).items():
        if name != "__metadata__":
            begin, stop = entry["data_offsets"]
            values = np.frombuffer(data[end + begin : end + stop], kinds[entry["dtype"]])
            found[name] = values.reshape(entry["shape"])
    return found


def filters(file, sizes, most=25):
    """What is in a file of weights; the rows of matrices that are images are drawn, the first ones."""
    for name, array in tensors(file).items():
        print(name, array.dtype, array.shape)
        for height, width in sizes:
            if array.ndim == 2 and array.shape[1] == height * width:
                side = int(np.ceil(np.sqrt(min(most, len(array)))))
                figure, axes = plt.subplots(side, side, figsize=(5, 5), squeeze=False)
                for ax in axes.flat:
                    ax.axis("off")
                for ax, row in zip(axes.flat, array[:most]):
                    ax.imshow(row.reshape(height, width), cmap="gray")
                figure.suptitle(name)
                plt.show()


def picture(file):
    """A picture as it was written."""
    from IPython.display import SVG, Image, display

    path = here / file
    display(SVG(filename=str(path)) if path.suffix == ".svg" else Image(filename=str(path)))
"#;
