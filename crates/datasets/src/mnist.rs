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
    let file = idx::read(images, images_name)?;
    let (count, pixels) = match (file.dims.as_slice(), file.values) {
        (&[count, SIDE, SIDE], Values::U8(pixels)) if count > 0 => (count, pixels),
        (dims, values) => {
            let found = describe(dims, &values);
            return Err(DataError::malformed(
                images_name,
                idx::place(images, 0),
                "n × 28 × 28 unsigned bytes, n at least 1",
                found,
            ));
        }
    };
    let place = |byte| idx::place(labels, byte);
    let labels = idx::read(labels, labels_name)?;
    let labels = match (labels.dims.as_slice(), labels.values) {
        (&[_], Values::U8(labels)) => labels,
        (dims, values) => {
            let found = describe(dims, &values);
            return Err(DataError::malformed(labels_name, place(0), "n unsigned bytes", found));
        }
    };
    if labels.len() != count {
        let expected = format!("{count} labels, one for each image of {images_name}");
        return Err(DataError::malformed(labels_name, place(4), expected, labels.len().to_string()));
    }
    if let Some(i) = labels.iter().position(|&label| label > 9) {
        let place = place(8 + i as u64);
        return Err(DataError::malformed(labels_name, place, "a label from 0 to 9", labels[i].to_string()));
    }
    let classes = (0..10).map(|digit| digit.to_string()).collect();
    Ok(Images { pixels, height: SIDE, width: SIDE, labels, classes, levels: Levels::Grey })
}

fn describe(dims: &[usize], values: &Values) -> String {
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
