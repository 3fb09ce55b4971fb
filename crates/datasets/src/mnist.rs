//! MNIST: two IDX files, images (n × 28 × 28, type 08) and labels (n, type 08, 0 to 9).

use crate::error::list;
use crate::idx::{self, Values};
use crate::{DataError, Images, Levels};

/// Rows and columns of an image.
pub const SIDE: usize = 28;

/// The images of one half of MNIST, grey, from the bytes of its two files, gzipped or not; the names are for
/// error messages.
///
/// # Errors
/// [`DataError`] when a file is not such an IDX file, a label is above 9, or the counts differ.
pub fn parse(
    images: &[u8],
    images_name: &str,
    labels: &[u8],
    labels_name: &str,
) -> Result<Images, DataError> {
    let file = idx::read_if(images, images_name, |kind, dims| match (kind, dims) {
        (Values::U8(_), &[n, SIDE, SIDE]) if n > 0 => Ok(()),
        _ => {
            let expected = "n × 28 × 28 unsigned bytes, n at least 1";
            let found = describe(kind, dims);
            Err(DataError::malformed(images_name, idx::place(images, 0), expected, found))
        }
    })?;
    let (count, pixels) = (file.dims[0], bytes_of(file.values));
    let place = |byte| idx::place(labels, byte);
    let labels = idx::read_if(labels, labels_name, |kind, dims| match (kind, dims) {
        (Values::U8(_), &[n]) if n == count => Ok(()),
        (Values::U8(_), &[n]) => {
            let expected = format!("{count} labels, one for each image of {images_name}");
            Err(DataError::malformed(labels_name, place(4), expected, n.to_string()))
        }
        _ => Err(DataError::malformed(labels_name, place(0), "n unsigned bytes", describe(kind, dims))),
    })?;
    let labels = bytes_of(labels.values);
    if let Some(i) = labels.iter().position(|&label| label > 9) {
        let place = place(8 + i as u64);
        return Err(DataError::malformed(labels_name, place, "a label from 0 to 9", labels[i].to_string()));
    }
    let classes = (0..10).map(|digit| digit.to_string()).collect();
    Ok(Images { pixels, height: SIDE, width: SIDE, labels, classes, levels: Levels::Grey })
}

fn bytes_of(values: Values) -> Vec<u8> {
    let Values::U8(bytes) = values else { unreachable!("other kinds were refused with the header") };
    bytes
}

fn describe(values: &Values, dims: &[usize]) -> String {
    let kind = match values {
        Values::U8(_) => "unsigned bytes",
        Values::I8(_) => "signed bytes",
        Values::I16(_) => "16-bit integers",
        Values::I32(_) => "32-bit integers",
        Values::F32(_) => "32-bit floats",
        Values::F64(_) => "64-bit floats",
    };
    format!("{} {kind}", list(dims.iter(), " × "))
}
