//! MAT-files: what is written is read, in either byte order, compressed or not; the rest is refused by name.

use datasets::mat::{self, Array, Order, Packing, Values};
use proptest::prelude::*;

use crate::support::{mat_bytes, text};

fn any_flat(n: usize) -> impl Strategy<Value = Values> {
    use proptest::collection::vec;
    prop_oneof![
        vec(-1e300_f64..1e300, n).prop_map(Values::F64),
        vec(-1e30_f32..1e30, n).prop_map(Values::F32),
        vec(any::<i8>(), n).prop_map(Values::I8),
        vec(any::<u8>(), n).prop_map(Values::U8),
        vec(any::<i16>(), n).prop_map(Values::I16),
        vec(any::<u16>(), n).prop_map(Values::U16),
        vec(any::<i32>(), n).prop_map(Values::I32),
        vec(any::<u32>(), n).prop_map(Values::U32),
        vec(any::<i64>(), n).prop_map(Values::I64),
        vec(any::<u64>(), n).prop_map(Values::U64),
        vec(any::<u16>(), n).prop_map(Values::Char),
        vec(any::<bool>(), n).prop_map(Values::Logical),
    ]
}

fn any_array() -> impl Strategy<Value = Array> {
    let dims = || proptest::collection::vec(0_usize..4, 2..4);
    let flat = dims().prop_flat_map(|dims| {
        any_flat(dims.iter().product()).prop_map(move |values| Array::new("", &dims, values))
    });
    flat.prop_recursive(3, 40, 6, |inner| {
        proptest::collection::vec(inner, 0..6)
            .prop_map(|cells| Array::new("", &[1, cells.len()], Values::Cell(cells)))
    })
}

proptest! {
    #[test]
    fn arrays_survive_a_round_trip_in_either_order_compressed_or_not(
        arrays in proptest::collection::vec(any_array(), 1..4),
    ) {
        let named = |(i, array): (usize, Array)| Array { name: format!("variable_{i}"), ..array };
        let variables: Vec<Array> = arrays.into_iter().enumerate().map(named).collect();
        for order in [Order::Little, Order::Big] {
            for packing in [Packing::Plain, Packing::Compressed] {
                let bytes = mat::write(&variables, order, packing);
                prop_assert_eq!(&mat::read(&bytes, "some.mat").unwrap(), &variables);
            }
        }
    }

    #[test]
    fn random_elements_are_refused_or_read_but_never_a_panic(
        elements in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut bytes = mat_bytes(&[]);
        bytes.extend(elements);
        let _ = mat::read(&bytes, "random.mat");
    }
}

/// One variable `x`, little-endian, from its class word, its dimensions and its element of values.
fn variable(class: u32, dims: [u32; 2], values: &[u32]) -> Vec<u8> {
    let mut words = vec![6, 8, class, 0, 5, 8, dims[0], dims[1], 1 << 16 | 1, u32::from(b'x')];
    words.extend(values);
    let mut bytes = mat_bytes(&[]);
    for word in [14, 4 * words.len() as u32].into_iter().chain(words) {
        bytes.extend(word.to_le_bytes());
    }
    bytes
}

#[test]
fn a_double_may_be_stored_in_a_smaller_type() {
    // Class double, 1 × 2, stored as the small element of two bytes 3 and 250.
    let bytes = variable(6, [1, 2], &[2 << 16 | 2, 250 << 8 | 3]);
    let [array] = &mat::read(&bytes, "small.mat").unwrap()[..] else { panic!("one variable") };
    assert_eq!(*array, Array::new("x", &[1, 2], Values::F64(vec![3.0, 250.0])));
}

#[test]
fn characters_may_be_utf8_utf16_or_utf32() {
    let euro = |kind: u32, length: u32, word: u32| variable(4, [1, 1], &[length << 16 | kind, word]);
    for bytes in [euro(16, 3, 0x00ac_82e2), euro(17, 2, 0x20ac), euro(18, 4, 0x20ac)] {
        assert_eq!(mat::read(&bytes, "text.mat").unwrap()[0].text().unwrap(), "€");
    }
}

#[test]
fn an_empty_cell_may_have_no_body_at_all() {
    let bytes = variable(1, [1, 1], &[14, 0]);
    let empty = Array::new("", &[0, 0], Values::F64(vec![]));
    assert_eq!(mat::read(&bytes, "empty.mat").unwrap()[0].values, Values::Cell(vec![empty]));
}

#[test]
fn what_is_not_read_is_refused_by_name() {
    for (class, name) in [
        (2, "structure"),
        (3, "object"),
        (5, "sparse"),
        (16, "function handle"),
        (17, "opaque"),
        (0x806, "complex"),
    ] {
        let error = mat::read(&variable(class, [1, 1], &[]), "class.mat").unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("byte 136"), "{error}");
    }
    let error = mat::read(b"MATLAB 7.3 MAT-file, Platform: GLNXA64", "new.mat").unwrap_err().to_string();
    assert!(error.contains("7.3 (HDF5)") && error.contains("-v7"), "{error}");
    let error = mat::read(&[0; 200], "old.mat").unwrap_err().to_string();
    assert!(error.contains("level 4"), "{error}");
}

/// A workspace that was saved whole holds structures, objects and damaged things beside its data.
#[test]
fn what_nobody_wants_is_skipped_whatever_it_is() {
    let wanted = Array::new("wanted", &[1, 2], Values::U8(vec![3, 4]));
    let huge = variable(6, [1 << 20, 1 << 10], &[9, 0]);
    let opaque: Vec<u8> = {
        // Flags, then the name without dimensions before it.
        let words = [14, 6 * 4, 6, 8, 17, 0, 1 << 16 | 1, u32::from(b'x')];
        mat_bytes(&[]).into_iter().chain(words.into_iter().flat_map(u32::to_le_bytes)).collect()
    };
    let classes = [2, 3, 5, 16, 0x806].map(|class| variable(class, [1, 1], &[7, 7]));
    for other in classes.into_iter().chain([huge, opaque]) {
        let alone = &other[128..];
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut zlib, alone).unwrap();
        let packed = zlib.finish().unwrap();
        let head = [15_u32, packed.len() as u32].map(u32::to_le_bytes).concat();
        for beside in [alone.to_vec(), [head, packed].concat()] {
            let sound = mat_bytes(std::slice::from_ref(&wanted));
            let bytes = [&sound[..128], &beside, &sound[128..]].concat();
            assert!(mat::read(&bytes, "whole.mat").is_err());
            let read = mat::read_wanted(&bytes, "whole.mat", |name| name == "wanted").unwrap();
            assert_eq!(read, std::slice::from_ref(&wanted));
            assert!(mat::read_wanted(&bytes, "whole.mat", |_| true).is_err(), "as read");
        }
    }
}

#[test]
fn flags_and_dimensions_may_have_either_sign_and_names_any_type_of_bytes() {
    let usual = variable(6, [1, 2], &[2 << 16 | 2, 250 << 8 | 3]);
    let expected = mat::read(&usual, "usual.mat").unwrap();
    // Types of flags, of dimensions and of the name, at their places in the file.
    for (place, kind) in [(136, 5_u32), (152, 6), (168, 1 << 16 | 2), (168, 1 << 16 | 16)] {
        let mut bytes = usual.clone();
        bytes[place..place + 4].copy_from_slice(&kind.to_le_bytes());
        assert_eq!(mat::read(&bytes, "other.mat").unwrap(), expected, "type {kind} at {place}");
    }
}

#[test]
fn text_is_a_char_array_of_one_row() {
    assert_eq!(text("x", "pen").text().as_deref(), Some("pen"));
    assert_eq!(Array::new("x", &[2, 1], Values::Char(vec![65, 66])).text(), None);
    assert_eq!(Array::new("x", &[1, 1], Values::U8(vec![65])).text(), None);
}
