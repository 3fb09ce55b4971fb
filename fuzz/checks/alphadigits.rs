//! AlphaDigits: images that are read are written as the four variables, and read again as the same.

use datasets::mat::{self, Array, Order, Packing, Values};
use datasets::{Images, alphadigits, relaid};

/// Whether the bytes are such a MAT-file.
pub fn check(bytes: &[u8]) -> bool {
    // What others have made of the file is recognised by another reader.
    let _ = relaid::readings(bytes, "file");
    match alphadigits::parse(bytes, "file") {
        Ok(images) => {
            let size = images.height * images.width;
            assert_eq!(images.pixels.len(), images.labels.len() * size);
            assert!(images.pixels.iter().all(|&pixel| pixel <= 1));
            assert!(images.labels.iter().all(|&label| usize::from(label) < images.classes.len()));
            let again = alphadigits::parse(&written(&images), "again").expect("what was written is read");
            assert_eq!(again.pixels, images.pixels);
            assert_eq!((again.height, again.width), (images.height, images.width));
            assert_eq!((again.labels, again.classes), (images.labels, images.classes));
            true
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.starts_with("file: ") && message.len() < 600, "{message}");
            assert!(!message.contains(char::is_control), "{message:?}");
            false
        }
    }
}

/// The images as a MAT-file: a cell for each, class by class along the rows.
fn written(images: &Images) -> Vec<u8> {
    let (height, width, classes) = (images.height, images.width, images.classes.len());
    let examples = images.labels.len() / classes;
    let cell = |k: usize| {
        let (class, example) = (k % classes, k / classes);
        let pixels = &images.pixels[(class * examples + example) * height * width..][..height * width];
        let column_major = (0..height * width).map(|i| pixels[i % height * width + i / height]);
        Array::new("", &[height, width], Values::U8(column_major.collect()))
    };
    let number = |value: usize| Array::new("", &[1, 1], Values::F64(vec![value as f64]));
    let text = |text: &String| {
        let units: Vec<u16> = text.encode_utf16().collect();
        Array::new("", &[1, units.len()], Values::Char(units))
    };
    let named = |name: &str, array: Array| Array { name: name.to_owned(), ..array };
    let cells = |name, cells: Vec<Array>| Array::new(name, &[1, cells.len()], Values::Cell(cells));
    let variables = [
        Array::new("dat", &[classes, examples], Values::Cell((0..classes * examples).map(cell).collect())),
        named("numclasses", number(classes)),
        cells("classlabels", images.classes.iter().map(text).collect()),
        cells("classcounts", (0..classes).map(|_| number(examples)).collect()),
    ];
    mat::write(&variables, Order::Little, Packing::Plain)
}
