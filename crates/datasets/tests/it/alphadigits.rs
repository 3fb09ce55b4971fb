//! AlphaDigits: class by class, rows first, whatever class the pixels are stored in.

use datasets::mat::{self, Array, Order, Packing, Values};
use datasets::{Levels, alphadigits};

use crate::support::{mat_bytes, small_alphadigits};

#[test]
fn examples_come_class_by_class_and_pixels_row_by_row() {
    let images = alphadigits::parse(&mat_bytes(&small_alphadigits()), "small.mat").unwrap();
    assert_eq!((images.height, images.width, images.len()), (3, 2, 6));
    assert_eq!(images.labels, [0, 0, 0, 1, 1, 1]);
    assert_eq!(images.classes, ["A", "B"]);
    assert_eq!(images.levels, Levels::Binary);
    for class in 0..2 {
        for example in 0..3 {
            let image = images.image(class * 3 + example);
            for row in 0..3 {
                for column in 0..2 {
                    let on = (class + example + row + 2 * column) % 3 == 0;
                    assert_eq!(image[row * 2 + column], u8::from(on));
                }
            }
        }
    }
}

#[test]
fn pixels_may_be_bytes_doubles_or_logical_in_any_packing() {
    let plain = alphadigits::parse(&mat_bytes(&small_alphadigits()), "small.mat").unwrap();
    let as_double = |v: Vec<u8>| Values::F64(v.into_iter().map(f64::from).collect());
    let as_logical = |v: Vec<u8>| Values::Logical(v.into_iter().map(|x| x == 1).collect());
    for store in [Values::U8, as_double, as_logical] {
        let mut variables = small_alphadigits();
        let Values::Cell(cells) = &mut variables[0].values else { panic!("dat is made of cells") };
        for cell in cells {
            let Values::U8(pixels) = &cell.values else { panic!("cells are made of bytes") };
            *cell = Array::new("", &cell.dims, store(pixels.clone()));
        }
        for packing in [Packing::Plain, Packing::Compressed] {
            let bytes = mat::write(&variables, Order::Big, packing);
            assert_eq!(alphadigits::parse(&bytes, "small.mat").unwrap(), plain);
        }
    }
}

#[test]
fn counts_may_be_one_array_of_numbers() {
    let mut variables = small_alphadigits();
    variables[3] = Array::new("classcounts", &[1, 2], Values::U8(vec![3, 3]));
    assert_eq!(alphadigits::parse(&mat_bytes(&variables), "small.mat").unwrap().len(), 6);
}
