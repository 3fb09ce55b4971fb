//! Jupyter's notebooks, nbformat 4.5: cells of Markdown and of Python, with the outputs that the latter have given.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// A notebook of Python.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notebook {
    /// The cells, in order.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Markdown(String),
    /// Python with what it has shown.
    Code {
        /// The program.
        source: String,
        /// Its outputs.
        outputs: Vec<Output>,
    },
}

/// What a cell has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// A drawing.
    Svg(String),
    /// A picture, the bytes of its file.
    Png(Vec<u8>),
    /// Lines that were printed.
    Text(String),
}

impl Output {
    fn json(&self) -> Value {
        let display = |kind: &str, data: Value| {
            // What a reader sees who cannot see pictures.
            let data = json!({ kind: data, "text/plain": ["<figure>"] });
            json!({ "output_type": "display_data", "data": data, "metadata": {} })
        };
        match self {
            Self::Svg(text) => display("image/svg+xml", lines(text)),
            Self::Png(bytes) => display("image/png", json!(STANDARD.encode(bytes))),
            Self::Text(text) => json!({ "output_type": "stream", "name": "stdout", "text": lines(text) }),
        }
    }
}

impl Notebook {
    /// The `.ipynb` file; the cells of code are numbered as if run from top to bottom.
    pub fn to_json(&self) -> Vec<u8> {
        let mut count = 0;
        let mut cells = Vec::new();
        for (place, cell) in self.cells.iter().enumerate() {
            let id = format!("cell-{}", place + 1);
            cells.push(match cell {
                Cell::Markdown(text) => {
                    json!({ "cell_type": "markdown", "id": id, "metadata": {}, "source": lines(text) })
                }
                Cell::Code { source, outputs } => {
                    count += 1;
                    json!({
                        "cell_type": "code",
                        "id": id,
                        "metadata": {},
                        "execution_count": count,
                        "source": lines(source),
                        "outputs": outputs.iter().map(Output::json).collect::<Vec<_>>(),
                    })
                }
            });
        }
        let kernel = json!({ "name": "python3", "display_name": "Python 3", "language": "python" });
        let metadata = json!({ "kernelspec": kernel, "language_info": { "name": "python" } });
        let whole = json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells });
        let mut text = serde_json::to_string_pretty(&whole).expect("a tree of texts and numbers is JSON");
        text.push('\n');
        text.into_bytes()
    }
}

/// A text as the format has it: line by line, each but the last with its end.
fn lines(text: &str) -> Value {
    json!(text.split_inclusive('\n').collect::<Vec<_>>())
}
