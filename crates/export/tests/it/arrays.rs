//! Arrays: the bytes of the format by hand, and what NumPy reads.

use export::npy::{Values, npy, npz, table};

use crate::python;

#[test]
fn an_array_is_magic_version_header_and_values_at_a_multiple_of_64() {
    let bytes = npy(&[2, 3], Values::F32(&[1.0, 2.0, 3.0, 4.0, 5.0, -6.5]));
    assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    assert_eq!((10 + length) % 64, 0);
    let header = std::str::from_utf8(&bytes[10..10 + length]).unwrap();
    assert!(header.starts_with("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3,), }"), "{header}");
    assert!(header.ends_with('\n'));
    let values: Vec<f32> = bytes[10 + length..]
        .chunks_exact(4)
        .map(|four| f32::from_le_bytes(four.try_into().unwrap()))
        .collect();
    assert_eq!(values, [1.0, 2.0, 3.0, 4.0, 5.0, -6.5]);
}

#[test]
fn texts_are_utf_32_filled_up_with_zeros() {
    let bytes = npy(&[2], Values::Texts(&["σ".to_owned(), "ab".to_owned()]));
    let codes: Vec<u32> = bytes[bytes.len() - 16..]
        .chunks_exact(4)
        .map(|four| u32::from_le_bytes(four.try_into().unwrap()))
        .collect();
    assert_eq!(codes, ['σ' as u32, 0, 'a' as u32, 'b' as u32]);
}

#[test]
#[should_panic(expected = "3 values for shape [2, 2]")]
fn too_few_values_are_refused() {
    npy(&[2, 2], Values::U8(&[1, 2, 3]));
}

fn sample() -> Vec<u8> {
    let arrays = [
        ("W".to_owned(), npy(&[2, 2], Values::F32(&[1.0, 2.0, 3.0, f32::NAN]))),
        ("steps".to_owned(), npy(&[], Values::U64(&[u64::MAX]))),
        ("pixels".to_owned(), npy(&[3], Values::U8(&[0, 7, 255]))),
        ("none".to_owned(), npy(&[0, 4], Values::F64(&[]))),
        ("deep.name/0".to_owned(), npy(&[1], Values::F64(&[0.1]))),
    ];
    npz(&arrays).unwrap()
}

#[test]
fn equal_arrays_give_equal_archives_and_equal_names_are_refused() {
    assert_eq!(sample(), sample());
    let one = ("a".to_owned(), npy(&[1], Values::U8(&[1])));
    npz(&[one.clone(), one]).unwrap_err();
}

#[test]
fn numpy_reads_the_same_values_and_shapes() {
    let Some(python) = python::with("numpy") else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.npz"), sample()).unwrap();
    let fields = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
    let records = [fields("1,A to B,0.5"), fields("2,σ = 0.1,1e-9"), fields(",,-3")];
    let columns = fields("epoch,text,value");
    std::fs::write(folder.path().join("t.npz"), table(&columns, &records).unwrap()).unwrap();
    let program = "import numpy as np\n\
                   a, t = np.load('a.npz'), np.load('t.npz')\n\
                   assert a['W'].shape == (2, 2) and a['W'].dtype == np.float32 and a['W'][1, 0] == 3\n\
                   assert np.isnan(a['W'][1, 1]) and a['steps'] == 2**64 - 1 and a['steps'].shape == ()\n\
                   assert a['pixels'].tolist() == [0, 7, 255] and a['none'].shape == (0, 4)\n\
                   assert a['deep.name/0'][0] == 0.1\n\
                   assert t['text'].tolist() == ['A to B', 'σ = 0.1', ''] and t['value'].tolist() == [0.5, 1e-9, -3]\n\
                   assert t['epoch'][1] == 2 and np.isnan(t['epoch'][2])\n\
                   print(len(a.files), len(t.files))";
    assert_eq!(python::run(&python, program, folder.path()), "5 3\n");
}
