//! Figures, image grids, tables and pages; knows no model and no matrix: slices and strings go in, bytes come out.
//!
//! Every function is a pure function of its arguments: numbers are printed by fixed rules, nothing is dated, no hash map
//! is walked, no identifier is drawn at random, so the same input gives the same bytes. Nothing here touches a file; the
//! caller writes what it is given.
//!
//! In reading order: [`text`] measures and escapes, [`grid`] makes PNGs, [`mod@panel`] and [`mod@strips`] set pictures beside
//! words, [`series`] and [`spread`] say what a curve is, [`mod@chart`] draws it, [`mod@heat`] shades tables, [`mod@gallery`] hangs colour pictures, [`cube`] shows their palettes,
//! [`mod@table`] lays out numbers, [`verdict`] and [`section`] hold what came out, [`page`] binds all of it into one page.

pub mod text;

mod ink;
mod picture;

mod svg;

mod card;

pub mod grid;
pub mod panel;
pub mod strips;

pub mod series;
pub mod spread;

mod ticks;

mod axis;

mod marks;
mod reach;

mod plot;

mod beyond;
mod frame;
mod legend;

pub mod chart;
pub mod cube;
pub mod gallery;
pub mod heat;

pub mod readout;

pub mod tidy;

pub mod table;
pub mod verdict;

pub mod section;

mod answered;
mod link;
mod snippet;

pub mod page;
mod shown;

pub use answered::{Answered, Exercise, Tried};
pub use chart::{Chart, LegendSide, chart};
pub use cube::{ColourCloud, CubeFigure, cubes};
pub use gallery::{ColourImage, GalleryFigure, Tile, gallery, png_picture};
pub use grid::{GreyImage, GridStyle, SignedScale, Tone, png_grid, png_size};
pub use heat::{HeatFigure, HeatInk, HeatMap, heat};
pub use page::{Chapter, Page, Pictures, html, markdown};
pub use panel::{Panel, PanelFigure, panels};
pub use readout::{Figure, Readout};
pub use section::{ClaimRow, FigureEntry, Hyperparameter, OURS, Section};
pub use series::{Axis, INK_OF_REAL, INK_OF_REPORT, Mark, Point, Reference, SLOTS, Scale, Series};
pub use snippet::Snippet;
pub use spread::{Spread, number};
pub use strips::{NumberColumn, RowKind, StripFigure, StripRow, strips};
pub use table::{Align, Column, RowLength, Table};
pub use tidy::{Field, tidy_csv};
pub use verdict::{Finding, Reading, Verdict, Verdicts};
