//! Tidy CSV: one row an observation.
//!
//! CSV is UTF-8 with LF line ends; floats are printed with the fewest digits that read back to the same value, `NaN` and
//! `inf` by name.

/// One field of a tidy CSV, as it will be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field(String);

impl Field {
    /// The printed field.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! fields_by_display {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Field {
            fn from(value: $kind) -> Field {
                Field(value.to_string())
            }
        }
    )*};
}

fields_by_display!(&str, String, f32, f64, i32, i64, u8, u32, u64, usize);

/// A tidy CSV: a header and one row an observation.
///
/// # Panics
/// If a row has not one field a heading, or there is no heading.
pub fn tidy_csv(header: &[&str], rows: &[Vec<Field>]) -> String {
    assert!(!header.is_empty(), "a CSV needs a heading");
    for (index, row) in rows.iter().enumerate() {
        let (have, want) = (row.len(), header.len());
        assert_eq!(have, want, "row {index} has {have} fields for {want} headings");
    }
    let fields = rows.iter().map(|row| row.iter().map(Field::as_str).collect());
    write_csv(std::iter::once(header.to_vec()).chain(fields))
}

/// Records of equal length as CSV.
pub(crate) fn write_csv<'a, R: IntoIterator<Item = &'a str>>(records: impl Iterator<Item = R>) -> String {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    for record in records {
        writer.write_record(record).expect("memory takes every record, and all have one length");
    }
    let bytes = writer.into_inner().expect("memory does not fail to flush");
    String::from_utf8(bytes).expect("a CSV of strings is a string")
}
