//! The tidy tables of a drawn experiment, as columns and records.

use anyhow::Result;
use disk::{Folder, Name};
use engine::rows::{Row, Rows};

/// A table.
pub struct Table {
    /// Its file's name.
    pub file: String,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The fields of each record.
    pub records: Vec<Vec<String>>,
    /// The same as rows.
    pub rows: Rows,
}

/// All tidy tables in a folder, by name; other tables, such as those of claims, are passed over.
///
/// # Errors
/// If a file cannot be read.
pub fn all(folder: &Folder) -> Result<Vec<Table>> {
    let files = folder.files()?;
    let csv =
        files.into_iter().filter(|file| file.as_str().ends_with(".csv") && !file.as_str().contains('/'));
    csv.map(|file| table(folder, &file)).filter_map(Result::transpose).collect()
}

fn table(folder: &Folder, file: &Name) -> Result<Option<Table>> {
    let Ok(rows) = Rows::from_csv(&folder.read(file)?) else { return Ok(None) };
    let free = rows.column_names();
    let record = |row: &Row| {
        let own = free.iter().map(|name| row.column(name).unwrap_or_default().to_owned());
        let epoch = row.epoch.map_or_else(String::new, |epoch| epoch.to_string());
        own.chain([epoch, row.metric.clone(), row.value.to_string()]).collect::<Vec<_>>()
    };
    let records = rows.rows.iter().map(record).collect();
    let columns = free.iter().cloned().chain(["epoch", "metric", "value"].map(str::to_owned)).collect();
    Ok(Some(Table { file: file.to_string(), columns, records, rows }))
}

/// The files of weights in a folder, if they were kept there.
///
/// # Errors
/// If the folder cannot be listed.
pub fn weights(folder: &Folder) -> Result<Vec<Name>> {
    let files = folder.files()?.into_iter();
    Ok(files.filter(|file| file.as_str().ends_with(".safetensors")).collect())
}
