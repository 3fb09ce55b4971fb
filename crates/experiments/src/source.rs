//! Where jobs get their images: loaded when first asked for, once a process, shared by all points.

/// The data of one run.
#[derive(Debug, Default)]
pub struct DataSource {}

impl DataSource {
    /// Whether drawn stand-in data are used.
    pub fn is_standin(&self) -> bool {
        false
    }
}
