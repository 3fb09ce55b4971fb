//! Sound IDX and MAT-files that are not MNIST, not AlphaDigits.

use datasets::mat::{self, Array, Order, Packing, Values};

use crate::Reader;
use crate::build::{Make, case, gzip, idx_header};

/// The four variables of a sound AlphaDigits file: 2 classes × 2 examples of 2 × 3.
fn sound() -> [Array; 4] {
    let image = Array::new("", &[2, 3], Values::U8(vec![0, 1, 0, 1, 1, 0]));
    let label = |letter: u16| Array::new("", &[1, 1], Values::Char(vec![letter]));
    let two = || Array::new("", &[1, 1], Values::F64(vec![2.0]));
    [
        Array::new("dat", &[2, 2], Values::Cell(vec![image; 4])),
        Array { name: "numclasses".to_owned(), ..two() },
        Array::new("classlabels", &[1, 2], Values::Cell(vec![label(65), label(66)])),
        Array::new("classcounts", &[1, 2], Values::Cell(vec![two(), two()])),
    ]
}

/// A sound file but for what `spoil` does to its variables.
fn spoilt(what: &'static str, word: &'static str, spoil: fn(&mut Vec<Array>)) -> Make {
    let mut variables = sound().to_vec();
    spoil(&mut variables);
    let bytes = mat::write(&variables, Order::Little, Packing::Plain);
    case(what, Reader::AlphaDigits, word, bytes)
}

/// The same for one cell of `dat`.
fn spoilt_image(what: &'static str, word: &'static str, image: Array) -> Make {
    let mut variables = sound().to_vec();
    let Values::Cell(cells) = &mut variables[0].values else { panic!("dat is made of cells") };
    cells[3] = image;
    let bytes = mat::write(&variables, Order::Little, Packing::Plain);
    case(what, Reader::AlphaDigits, word, bytes)
}

fn alphadigits_cases() -> Vec<Make> {
    let doubles = |values: [f64; 6]| Array::new("", &[2, 3], Values::F64(values.to_vec()));
    vec![
        spoilt("no dat", "a variable dat", |v| drop(v.remove(0))),
        spoilt("no numclasses", "a variable numclasses", |v| drop(v.remove(1))),
        spoilt("no classlabels", "a variable classlabels", |v| drop(v.remove(2))),
        spoilt("no classcounts", "a variable classcounts", |v| drop(v.remove(3))),
        spoilt("dat is a number", "classes × examples cells", |v| {
            v[0] = Array::new("dat", &[1, 1], Values::F64(vec![1.0]));
        }),
        spoilt("dat is empty", "classes × examples cells", |v| {
            v[0] = Array::new("dat", &[0, 0], Values::Cell(vec![]));
        }),
        spoilt("dat has three dimensions", "classes × examples cells", |v| v[0].dims.push(1)),
        spoilt("another number of classes", "2, the rows of dat", |v| v[1].values = Values::F64(vec![36.0])),
        spoilt("no number of classes", "one number", |v| {
            v[1] = Array::new("numclasses", &[0, 0], Values::F64(vec![]));
        }),
        spoilt("a label too few", "2 class labels", |v| {
            v[2] = Array::new("classlabels", &[0, 0], Values::Cell(vec![]));
        }),
        spoilt("labels that are numbers", "classlabels to be cells", |v| {
            v[2] = Array::new("classlabels", &[1, 2], Values::U8(vec![0, 1]));
        }),
        spoilt("the same label twice", "labels that differ", |v| {
            let label = Array::new("", &[1, 1], Values::Char(vec![65]));
            v[2].values = Values::Cell(vec![label.clone(), label]);
        }),
        spoilt("a count too few", "2 class counts", |v| {
            v[3] = Array::new("classcounts", &[1, 1], Values::F64(vec![2.0]));
        }),
        spoilt("14 million numbers for one", "one number", |v| {
            v[1] = Array::new("numclasses", &[14_000_000, 1], Values::U8(vec![2; 14_000_000]));
        }),
        spoilt("14 million counts", "2 class counts", |v| {
            v[3] = Array::new("classcounts", &[14_000_000, 1], Values::U8(vec![2; 14_000_000]));
        }),
        spoilt("ragged counts", "classcounts of 2", |v| {
            v[3] = Array::new("classcounts", &[1, 2], Values::F64(vec![2.0, 1.0]));
        }),
        spoilt("more pixels than there are bytes to say so", "pixels in all", |v| {
            // 65 536 examples of 256 × 256, of which only the first is there.
            let image = Array::new("", &[256, 256], Values::U8(vec![0; 1 << 16]));
            let mut cells = vec![Array::new("", &[0, 0], Values::F64(vec![])); 1 << 16];
            cells[0] = image;
            v[0] = Array::new("dat", &[1, 1 << 16], Values::Cell(cells));
            v[1].values = Values::F64(vec![1.0]);
            v[2] = Array::new(
                "classlabels",
                &[1, 1],
                Values::Cell(vec![Array::new("", &[1, 1], Values::Char(vec![65]))]),
            );
            v[3] = Array::new("classcounts", &[1, 1], Values::F64(vec![65536.0]));
        }),
        spoilt_image(
            "a transposed image",
            "like the first one",
            Array::new("", &[3, 2], Values::U8(vec![0; 6])),
        ),
        spoilt_image("an empty image", "like the first one", Array::new("", &[0, 0], Values::U8(vec![]))),
        spoilt_image(
            "an image of text",
            "numbers or logical",
            Array::new("", &[2, 3], Values::Char(vec![48; 6])),
        ),
        spoilt_image(
            "a pixel of 2",
            "pixels of 0 or 1",
            Array::new("", &[2, 3], Values::U8(vec![0, 1, 2, 0, 1, 0])),
        ),
        spoilt_image("a pixel of NaN", "pixels of 0 or 1", doubles([0.0, 1.0, f64::NAN, 0.0, 1.0, 0.0])),
        spoilt_image("a pixel of one half", "found 0.5", doubles([0.5, 1.0, 1.0, 0.0, 1.0, 0.0])),
        spoilt_image("an infinite pixel", "found inf", doubles([f64::INFINITY, 1.0, 1.0, 0.0, 1.0, 0.0])),
    ]
}

fn mnist_cases() -> Vec<Make> {
    let images = |dims: &[u32], count: usize| [idx_header(8, dims), vec![0; count]].concat();
    let labels = |values: &[u8]| [idx_header(8, &[values.len() as u32]), values.to_vec()].concat();
    let as_images = |what, word, bytes| case(what, Reader::MnistImages, word, bytes);
    let as_labels = |what, word, bytes| case(what, Reader::MnistLabels, word, bytes);
    vec![
        as_images("labels for images", "n × 28 × 28", labels(&[1, 2])),
        as_images("images of 27 × 28", "n × 28 × 28", images(&[2, 27, 28], 2 * 27 * 28)),
        as_images(
            "images of floats",
            "32-bit floats",
            [idx_header(0x0d, &[1, 28, 28]), vec![0; 4 * 784]].concat(),
        ),
        as_images("no images", "n at least 1", images(&[0, 28, 28], 0)),
        as_images("an image too few", "1568 bytes", images(&[2, 28, 28], 784)),
        as_labels("images for labels", "n unsigned bytes", images(&[2, 28, 28], 1568)),
        as_labels("a label too few", "2 labels", labels(&[1])),
        as_labels("a label too many", "2 labels", labels(&[1, 2, 3])),
        as_labels("a label of 10", "from 0 to 9", labels(&[1, 10])),
        as_labels("a label of 255", "from 0 to 9", labels(&[255, 1])),
        as_labels("a label of 10, gzipped", "from 0 to 9", gzip(&labels(&[1, 10]))),
    ]
}

pub fn cases() -> Vec<Make> {
    alphadigits_cases().into_iter().chain(mnist_cases()).collect()
}
