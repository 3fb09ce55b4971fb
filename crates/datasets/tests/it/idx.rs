//! IDX: what is written is read, and only that.

use datasets::idx::{self, Idx, Values};
use proptest::prelude::*;

use crate::support::{gzip, idx_bytes};

fn any_values(n: usize) -> impl Strategy<Value = Values> {
    use proptest::collection::vec;
    prop_oneof![
        vec(any::<u8>(), n).prop_map(Values::U8),
        vec(any::<i8>(), n).prop_map(Values::I8),
        vec(any::<i16>(), n).prop_map(Values::I16),
        vec(any::<i32>(), n).prop_map(Values::I32),
        vec(-1e30_f32..1e30, n).prop_map(Values::F32),
        vec(-1e300_f64..1e300, n).prop_map(Values::F64),
    ]
}

fn any_idx() -> impl Strategy<Value = Idx> {
    proptest::collection::vec(0_usize..6, 1..5).prop_flat_map(|dims| {
        any_values(dims.iter().product()).prop_map(move |values| Idx { dims: dims.clone(), values })
    })
}

proptest! {
    #[test]
    fn every_type_survives_a_round_trip_gzipped_or_not(idx in any_idx()) {
        let bytes = idx::write(&idx);
        prop_assert_eq!(&idx::read(&bytes, "plain").unwrap(), &idx);
        prop_assert_eq!(&idx::read(&gzip(&bytes), "gzipped").unwrap(), &idx);
    }

    #[test]
    fn random_bytes_are_refused_or_read_but_never_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = idx::read(&bytes, "random");
        let _ = idx::read(&gzip(&bytes), "random");
    }
}

#[test]
fn elements_are_big_endian_as_the_format_says() {
    let bytes = [0, 0, 0x0b, 1, 0, 0, 0, 2, 0x01, 0x02, 0xff, 0xfe];
    let idx = idx::read(&bytes, "two.idx").unwrap();
    assert_eq!(idx, Idx { dims: vec![2], values: Values::I16(vec![258, -2]) });
}

#[test]
fn elements_longer_than_the_reading_buffer_arrive_whole() {
    let values: Vec<u8> = (0..100_003_u32).map(|i| (i % 249) as u8).collect();
    let bytes = idx_bytes(&[100_003], values.clone());
    for bytes in [gzip(&bytes), bytes] {
        assert_eq!(idx::read(&bytes, "long.idx").unwrap().values, Values::U8(values.clone()));
    }
}

#[test]
fn an_error_names_file_offset_expected_and_found() {
    let mut bytes = idx_bytes(&[3], vec![1, 2, 3]);
    bytes.push(4);
    let error = idx::read(&bytes, "three.idx").unwrap_err().to_string();
    assert_eq!(error, "three.idx: byte 11: expected the end of the elements, found 1 more bytes");
    let error = idx::read(&[0, 0, 0x0a, 1], "odd.idx").unwrap_err().to_string();
    assert_eq!(error, "odd.idx: byte 2: expected an element type 08, 09, 0b, 0c, 0d or 0e, found 0a");
}
