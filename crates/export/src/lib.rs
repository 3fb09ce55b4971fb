//! Results in the formats of others: slices and strings in, bytes out. Knows no experiment, no file and no clock.
//!
//! In reading order: [`npy`] are NumPy's arrays, alone and several in an archive; [`events`] learning curves as TensorBoard reads them;
//! [`notebook`] Jupyter's notebooks with their outputs, and [`redraw`] the Python that draws figures again; [`research`] the description
//! of a folder as a research object (RO-Crate), and [`citation`] what of `CITATION.cff` goes into it.

mod archive;
pub mod npy;

pub use archive::Refused;

mod message;

pub mod events;

pub mod notebook;
pub mod redraw;

pub mod citation;
pub mod research;
