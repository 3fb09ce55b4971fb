//! Tensors to bytes and back.

use proptest::prelude::*;
use train::{Snapshot, Tensor, TensorError, Values};

use crate::toy::Toy;

/// A tensor of up to three dimensions, some of them possibly 0, of any of the three element types.
fn tensor(name: String) -> impl Strategy<Value = Tensor> {
    let shape = prop::collection::vec(0usize..5, 0..4);
    (shape, 0..3, any::<u64>()).prop_map(move |(shape, kind, seed)| {
        let n: usize = shape.iter().product();
        let bits = move |i: usize| (seed ^ i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let values = match kind {
            // Any bits but those of NaN and infinity.
            0 => Values::F32((0..n).map(|i| f32::from_bits(bits(i) as u32 & 0xff7f_ffff)).collect()),
            1 => Values::U64((0..n).map(bits).collect()),
            _ => Values::U8((0..n).map(|i| bits(i) as u8).collect()),
        };
        Tensor { name: name.clone(), shape, values }
    })
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    let names = prop::collection::btree_set("[a-z0-9.\"\\\\ é]{1,12}", 0..6);
    let tensors = names
        .prop_flat_map(|names| names.into_iter().filter(|n| n != "epoch").map(tensor).collect::<Vec<_>>());
    (tensors, 0usize..10_000).prop_map(|(tensors, epoch)| Snapshot { epoch, tensors })
}

proptest! {
    #[test]
    fn every_snapshot_comes_back(snapshot in snapshot(), metadata in "\\PC{0,40}") {
        let (back, read) = Snapshot::decode(&snapshot.encode(&metadata)).unwrap();
        prop_assert_eq!(&back, &snapshot);
        prop_assert_eq!(read, metadata);
    }

    #[test]
    fn the_bytes_depend_on_the_contents_alone(snapshot in snapshot()) {
        let mut reversed = snapshot.clone();
        reversed.tensors.reverse();
        let bytes = snapshot.encode("{}");
        prop_assert_eq!(&snapshot.encode("{}"), &bytes);
        prop_assert_eq!(&reversed.encode("{}"), &bytes);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Snapshot::decode(&bytes);
    }
}

#[test]
fn a_file_is_what_the_format_s_definition_says() {
    let snapshot = Snapshot { epoch: 0, tensors: vec![Tensor::from_f32("w", vec![1, 2], vec![1.0, -2.0])] };
    let header =
        r#"{"__metadata__":{"glyphlab":"x"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#;
    let padded = format!("{header:<width$}", width = header.len().next_multiple_of(8));
    let mut expected = (padded.len() as u64).to_le_bytes().to_vec();
    expected.extend(padded.as_bytes());
    expected.extend([0, 0, 128, 63, 0, 0, 0, 192]);
    assert_eq!(snapshot.encode("x"), expected);
}

#[test]
fn a_file_of_weights_holds_nothing_else() {
    let toy = Toy::new([1.0; 6], [2.0; 2]);
    let bytes = Snapshot { epoch: 0, tensors: Tensor::list(&toy, "") }.encode("");
    let names: Vec<_> = Snapshot::decode(&bytes).unwrap().0.tensors.into_iter().map(|t| t.name).collect();
    assert_eq!(names, ["bias", "matrix"]);
    assert!(!String::from_utf8_lossy(&bytes).contains("epoch"));
}

#[test]
fn nan_and_infinities_are_refused_where_they_lie() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let good = Tensor::from_u64("a", vec![3], vec![u64::MAX; 3]);
        let tensors = vec![
            good,
            Tensor::from_f32("b", vec![4], vec![0.0; 4]),
            Tensor::from_f32("c", vec![3], vec![0.0, bad, bad]),
        ];
        let snapshot = Snapshot { epoch: 3, tensors };
        let refused = snapshot.check_finite().unwrap_err();
        assert_eq!(refused.to_string(), "tensor c: expected finite values, found NaN or infinity at index 1");
        let bytes = snapshot.encode("meta");
        let Err(TensorError::NotFinite { name, index: 1, offset: Some(offset) }) = Snapshot::decode(&bytes)
        else {
            panic!("{:?}", Snapshot::decode(&bytes));
        };
        assert_eq!(name, "c");
        assert_eq!(bytes[offset as usize..][..4], bad.to_le_bytes(), "the offset points at the value");
        let (seen, metadata) = Snapshot::decode_as_is(&bytes).unwrap();
        assert_eq!((seen.encode(&metadata), &metadata[..]), (bytes, "meta"), "to be looked at, bit by bit");
    }
}

#[test]
fn what_a_model_needs_must_be_there_in_that_shape_and_type() {
    let mut toy = Toy::new([0.0; 6], [0.0; 2]);
    let matrix = || Tensor::from_f32("m.matrix", vec![2, 3], vec![1.0; 6]);
    let mut refuse = |tensors| {
        let error = Snapshot { epoch: 0, tensors }.write_into(&mut toy, "m").unwrap_err();
        error.to_string()
    };
    assert_eq!(refuse(vec![matrix()]), "byte 8: expected a tensor named m.bias, found none in the header");
    let turned = Tensor::from_f32("m.matrix", vec![3, 2], vec![1.0; 6]);
    assert_eq!(refuse(vec![turned]), "byte 8: tensor m.matrix: expected shape [2, 3], found shape [3, 2]");
    let counters = Tensor::from_u64("m.bias", vec![2], vec![1, 2]);
    let wrong = refuse(vec![matrix(), counters]);
    assert_eq!(wrong, "byte 8: tensor m.bias: expected values of type F32, found U64");
    let snapshot = Snapshot { epoch: 0, tensors: vec![Tensor::from_u64("n", vec![0], vec![])] };
    assert!(snapshot.u64s("n").is_err(), "an empty counter has no first value");
    assert!(snapshot.f32s("n").is_err() && snapshot.f32s("absent").is_err());
}
