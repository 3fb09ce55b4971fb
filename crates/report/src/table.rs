//! Tables as Markdown, HTML and CSV, and tidy CSV: one row an observation.
//!
//! CSV is UTF-8 with LF line ends; floats are printed with the fewest digits that read back to the same value, `NaN` and
//! `inf` by name.

use crate::text::escape;

/// Where the cells of a column stand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Align {
    /// Words.
    #[default]
    Left,
    /// Numbers.
    Right,
    /// Marks.
    Centre,
}

/// One column of a [`Table`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// The unit, in parentheses after the heading; empty for none.
    pub unit: String,
    /// Where its cells stand.
    pub align: Align,
}

impl Column {
    /// A column of words.
    pub fn text(name: &str) -> Column {
        Column { name: name.to_owned(), unit: String::new(), align: Align::Left }
    }

    /// A column of numbers with their unit, empty for none.
    pub fn number(name: &str, unit: &str) -> Column {
        Column { name: name.to_owned(), unit: unit.to_owned(), align: Align::Right }
    }

    fn heading(&self) -> String {
        if self.unit.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.unit) }
    }
}

/// A table of cells already printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Above the table; empty for none.
    pub caption: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, one cell a column.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A pipe table in GitHub's Markdown, the caption in bold above it.
    ///
    /// # Panics
    /// If a row has not one cell a column.
    pub fn markdown(&self) -> String {
        self.check();
        let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let rule = |column: &Column| match column.align {
            Align::Left => ":--",
            Align::Right => "--:",
            Align::Centre => ":-:",
        };
        let mut out = String::new();
        if !self.caption.is_empty() {
            out += &format!("**{}**\n\n", escape_markdown(&self.caption));
        }
        out += &row(self.columns.iter().map(|column| escape_markdown(&column.heading())).collect());
        out += &row(self.columns.iter().map(|column| rule(column).to_owned()).collect());
        for cells in &self.rows {
            out += &row(cells.iter().map(|cell| escape_markdown(cell)).collect());
        }
        out
    }

    /// Aligned columns for a terminal, the caption above them; a cell is one line.
    ///
    /// # Panics
    /// If a row has not one cell a column.
    pub fn text(&self) -> String {
        self.check();
        let headings = self.columns.iter().map(Column::heading).collect();
        let rows = self.rows.iter().map(|cells| cells.iter().map(|cell| cell.replace('\n', " ")).collect());
        let records: Vec<Vec<String>> = std::iter::once(headings).chain(rows).collect();
        let width = |i: usize| records.iter().map(|cells| cells[i].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let line = |cells: &Vec<String>| {
            let cell = |((cell, width), column): ((&String, &usize), &Column)| match column.align {
                Align::Left => format!("{cell:<width$}"),
                Align::Right => format!("{cell:>width$}"),
                Align::Centre => format!("{cell:^width$}"),
            };
            let cells: Vec<String> = cells.iter().zip(&widths).zip(&self.columns).map(cell).collect();
            format!("{}\n", cells.join("  ").trim_end())
        };
        let mut lines: Vec<String> = records.iter().map(line).collect();
        let rule: usize = widths.iter().map(|width| width + 2).sum();
        lines.insert(1, format!("{}\n", "─".repeat(rule.saturating_sub(2))));
        let caption = if self.caption.is_empty() { String::new() } else { format!("{}\n\n", self.caption) };
        caption + &lines.concat()
    }

    /// A `<table>`; columns of numbers carry the class `number`, of marks `mark`.
    ///
    /// # Panics
    /// If a row has not one cell a column.
    pub fn html(&self) -> String {
        self.check();
        let class = |column: &Column| match column.align {
            Align::Left => "",
            Align::Right => " class=\"number\"",
            Align::Centre => " class=\"mark\"",
        };
        let cell = |tag: &str, column: &Column, text: &str| {
            format!("<{tag}{}>{}</{}>", class(column), escape(text), &tag[..2])
        };
        let mut out = "<table>\n".to_owned();
        if !self.caption.is_empty() {
            // The page keeps the words in view, however wide the table is.
            out += &format!("<caption><span>{}</span></caption>\n", escape(&self.caption));
        }
        let headings: String =
            self.columns.iter().map(|c| cell("th scope=\"col\"", c, &c.heading())).collect();
        out += &format!("<thead><tr>{headings}</tr></thead>\n<tbody>\n");
        for row in &self.rows {
            let cells: String =
                self.columns.iter().zip(row).map(|(column, text)| cell("td", column, text)).collect();
            out += &format!("<tr>{cells}</tr>\n");
        }
        out + "</tbody>\n</table>\n"
    }

    /// The cells as CSV under their headings; no caption.
    ///
    /// # Panics
    /// If a row has not one cell a column.
    pub fn csv(&self) -> String {
        self.check();
        let headings: Vec<String> = self.columns.iter().map(Column::heading).collect();
        let records = std::iter::once(&headings).chain(&self.rows);
        write_csv(records.map(|record| record.iter().map(String::as_str)))
    }

    fn check(&self) {
        for (index, row) in self.rows.iter().enumerate() {
            let (have, want) = (row.len(), self.columns.len());
            assert_eq!(have, want, "row {index} has {have} cells for {want} columns");
        }
    }
}

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

fn write_csv<'a, R: IntoIterator<Item = &'a str>>(records: impl Iterator<Item = R>) -> String {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    for record in records {
        writer.write_record(record).expect("memory takes every record, and all have one length");
    }
    let bytes = writer.into_inner().expect("memory does not fail to flush");
    String::from_utf8(bytes).expect("a CSV of strings is a string")
}

/// `text` for a line or a table cell of Markdown: nothing in it is markup, and line breaks become `<br>`.
pub fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' => out.push_str("<br>"),
            '\r' => {}
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '#' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
