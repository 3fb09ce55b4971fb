//! Tables as Markdown, HTML, CSV and aligned columns; they read and write as JSON.
//!
//! Every row of a [`Table`] has one cell a column, whoever made it: building one with another number is a panic, reading one
//! is an error.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::{escape, escape_markdown, printable};
use crate::tidy::write_csv;

/// A table of more columns is set smaller on a page.
const MANY: usize = 7;

/// Where the cells of a column stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Align {
    /// Words.
    #[default]
    #[serde(rename = "l")]
    Left,
    /// Numbers.
    #[serde(rename = "r")]
    Right,
    /// Marks.
    #[serde(rename = "c")]
    Centre,
}

/// One column of a [`Table`]; in JSON `[name, unit, align]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(String, String, Align)", into = "(String, String, Align)")]
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

impl From<(String, String, Align)> for Column {
    fn from((name, unit, align): (String, String, Align)) -> Column {
        Column { name, unit, align }
    }
}

impl From<Column> for (String, String, Align) {
    fn from(column: Column) -> (String, String, Align) {
        (column.name, column.unit, column.align)
    }
}

/// A table of cells already printed, one cell a column in every row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

/// A table as it is read, not yet checked.
#[derive(Deserialize)]
struct Raw {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

/// A row with another number of cells than the table has columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowLength {
    /// The table's caption.
    pub caption: String,
    /// Which row, from 0.
    pub row: usize,
    /// How many columns the table has.
    pub expected: usize,
    /// How many cells the row has.
    pub found: usize,
}

impl fmt::Display for RowLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RowLength { caption, row, expected, found } = self;
        let caption = printable(caption);
        write!(f, "table “{caption}”, row {row}: expected {expected} cells, found {found}")
    }
}

impl std::error::Error for RowLength {}

impl TryFrom<Raw> for Table {
    type Error = RowLength;

    fn try_from(raw: Raw) -> Result<Table, RowLength> {
        Table::checked(raw.caption, raw.columns, raw.rows)
    }
}

impl Table {
    /// A table; the caption stands above it and may be empty.
    ///
    /// # Panics
    /// If a row has not one cell a column.
    pub fn new(caption: impl Into<String>, columns: Vec<Column>, rows: Vec<Vec<String>>) -> Table {
        Table::checked(caption.into(), columns, rows).unwrap_or_else(|error| panic!("{error}"))
    }

    fn checked(caption: String, columns: Vec<Column>, rows: Vec<Vec<String>>) -> Result<Table, RowLength> {
        let expected = columns.len();
        match rows.iter().position(|row| row.len() != expected) {
            Some(row) => Err(RowLength { caption, row, expected, found: rows[row].len() }),
            None => Ok(Table { caption, columns, rows }),
        }
    }

    /// What stands above the table; may be empty.
    pub fn caption(&self) -> &str {
        &self.caption
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows, one cell a column.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// A pipe table in GitHub's Markdown, the caption in bold above it.
    pub fn markdown(&self) -> String {
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

    /// Aligned columns for a terminal, the caption above them; a cell is one line, with hostile characters written out.
    pub fn text(&self) -> String {
        let line = |text: &String| printable(&text.replace('\n', " "));
        let headings = self.columns.iter().map(|column| line(&column.heading())).collect();
        let rows = self.rows.iter().map(|cells| cells.iter().map(line).collect());
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
        let caption =
            if self.caption.is_empty() { String::new() } else { format!("{}\n\n", printable(&self.caption)) };
        caption + &lines.concat()
    }

    /// A `<table>` that scrolls by itself under its caption, which does not; columns of numbers carry the class `number`, of
    /// marks `mark`.
    pub fn html(&self) -> String {
        let class = |column: &Column| match column.align {
            Align::Left => "",
            Align::Right => " class=\"number\"",
            Align::Centre => " class=\"mark\"",
        };
        let cell = |tag: &str, column: &Column, text: &str| {
            format!("<{tag}{}>{}</{}>", class(column), escape(text), &tag[..2])
        };
        let caption = escape(&self.caption);
        let (over, label) = match caption.is_empty() {
            true => (String::new(), String::new()),
            false => (format!("<p class=\"caption\">{caption}</p>\n"), format!(" aria-label=\"{caption}\"")),
        };
        let many = if self.columns.len() > MANY { " class=\"many\"" } else { "" };
        let mut out = format!(
            "<div class=\"table\">\n{over}<div class=\"scroll\" tabindex=\"0\">\n<table{many}{label}>\n"
        );
        let headings: String =
            self.columns.iter().map(|c| cell("th scope=\"col\"", c, &c.heading())).collect();
        out += &format!("<thead><tr>{headings}</tr></thead>\n<tbody>\n");
        for row in &self.rows {
            let cells: String =
                self.columns.iter().zip(row).map(|(column, text)| cell("td", column, text)).collect();
            out += &format!("<tr>{cells}</tr>\n");
        }
        out + "</tbody>\n</table>\n</div>\n</div>\n"
    }

    /// The cells as CSV under their headings; no caption.
    pub fn csv(&self) -> String {
        let headings: Vec<String> = self.columns.iter().map(Column::heading).collect();
        let records = std::iter::once(&headings).chain(&self.rows);
        write_csv(records.map(|record| record.iter().map(String::as_str)))
    }
}
