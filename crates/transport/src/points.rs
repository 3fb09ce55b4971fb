//! Points in a few or many dimensions, one after the other in a slice.

use crate::error::TransportError;

/// `len` points of `dim` coordinates each; the coordinates of a point are contiguous.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Points<'a> {
    values: &'a [f64], // len × dim, row-major
    dim: usize,
}

impl<'a> Points<'a> {
    /// `values[i · dim + k]` is coordinate `k` of point `i`.
    ///
    /// # Errors
    /// If `dim` is 0, the length is not a multiple of it, or a coordinate is NaN or infinite.
    pub fn new(values: &'a [f64], dim: usize) -> Result<Self, TransportError> {
        if dim == 0 {
            return Err(TransportError::Parameter { what: "dimension", value: 0.0 });
        }
        if !values.len().is_multiple_of(dim) {
            let expected = values.len() / dim * dim + dim;
            return Err(TransportError::Shape { what: "coordinates", expected, found: values.len() });
        }
        match values.iter().position(|x| !x.is_finite()) {
            Some(k) => Err(TransportError::Coordinate { point: k / dim, value: values[k] }),
            None => Ok(Self { values, dim }),
        }
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.values.len() / self.dim
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Coordinates of each point.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// All coordinates, point after point.
    pub(crate) fn values(&self) -> &'a [f64] {
        self.values
    }

    /// One point.
    ///
    /// # Panics
    /// If there is no such point.
    pub fn at(&self, index: usize) -> &'a [f64] {
        &self.values[index * self.dim..(index + 1) * self.dim]
    }

    /// All points in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'a [f64]> + use<'a> {
        self.values.chunks_exact(self.dim)
    }
}

/// Points with masses: a distribution, if the masses add up to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cloud<'a> {
    /// Where.
    pub points: Points<'a>,
    /// How much, one number for each point.
    pub masses: &'a [f64],
}
