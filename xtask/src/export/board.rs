//! Event files: a run of TensorBoard for each point that has learning curves; where the points are not there, for each combination of texts
//! in the tables drawn from them.

use std::collections::BTreeMap;

use anyhow::Result;
use engine::rows::Row;
use engine::{Key, host};
use export::events::{self, Scalar};

use super::Run;
use super::tables;

/// Curves by the name of their run.
type Runs = BTreeMap<String, Vec<Scalar>>;

/// The end of every file's name; what stands before it is what TensorBoard looks for.
const FILE: &str = "events.out.tfevents.0.glyphlab";

/// Writes them; gives how many there are.
pub fn write(run: &Run) -> Result<usize> {
    let mut files = 0;
    for (folder, section) in &run.parts {
        let mut runs = Runs::new();
        for key in section.points.iter().filter_map(|key| key.parse::<Key>().ok()) {
            if run.store.has(&key)? {
                let rows = run.store.rows(&key)?;
                let label = host::label_of(&run.store.path(&key)).unwrap_or_default();
                let scalars: Vec<Scalar> = rows.rows.iter().filter_map(|row| scalar(row, &[])).collect();
                let short: String = key.as_str().chars().take(8).collect();
                runs.insert(format!("{} {short}", folder_name(&label)), scalars);
            }
        }
        if runs.values().all(Vec::is_empty) {
            runs = of_tables(&tables::all(folder)?);
        }
        for (name, scalars) in runs.iter().filter(|(_, scalars)| !scalars.is_empty()) {
            let place = format!("{}/{}/{}/{FILE}", section.id, section.protocol, name.trim());
            run.write("tensorboard", &place, &events::write(scalars))?;
            files += 1;
        }
    }
    Ok(files)
}

fn of_tables(tables: &[tables::Table]) -> Runs {
    let mut runs = Runs::new();
    for row in tables.iter().flat_map(|table| &table.rows.rows) {
        let own = row.columns.iter().filter(|(column, _)| !INSIDE.contains(&column.as_str()));
        let texts: Vec<String> = own.map(|(column, text)| format!("{column} {text}")).collect();
        let outside: Vec<&str> = row.columns.iter().map(|(column, _)| column.as_str()).collect();
        if let Some(scalar) = scalar(row, &outside) {
            runs.entry(folder_name(&texts.join(", "))).or_default().push(scalar);
        }
    }
    runs
}

/// Columns that say which curve of a point it is, and not which point.
const INSIDE: [&str; 2] = ["stage", "layer"];

/// A row with an epoch; the tag is its columns but for those in `outside` that name the run, and its metric.
fn scalar(row: &Row, outside: &[&str]) -> Option<Scalar> {
    let step = i64::try_from(row.epoch?).ok()?;
    let inside = |column: &str| INSIDE.contains(&column) || !outside.contains(&column);
    let texts = row.columns.iter().filter(|(column, _)| inside(column)).map(|(_, text)| text.as_str());
    let tag: Vec<&str> = texts.chain([row.metric.as_str()]).collect();
    Some(Scalar { tag: tag.join("/"), step, value: row.value as f32 })
}

/// A text as the name of a folder.
fn folder_name(text: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || " ,.-_=()".contains(c) { c } else { '_' };
    let name: String = text.chars().map(plain).take(100).collect();
    let name = name.trim_matches([' ', '.']).to_owned();
    if name.is_empty() { "run".to_owned() } else { name }
}
