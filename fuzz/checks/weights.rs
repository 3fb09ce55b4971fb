//! Weights: tensors that are read from a safetensors file are written and read again as the same.

use train::Snapshot;

/// Whether the bytes are a safetensors file that is read here.
pub fn check(bytes: &[u8]) -> bool {
    let as_is = Snapshot::decode_as_is(bytes);
    if let Ok((snapshot, metadata)) = &as_is {
        let written = snapshot.encode(metadata);
        let (again, same) = Snapshot::decode_as_is(&written).expect("what was written is read");
        // As bytes, since NaN is not NaN.
        assert_eq!(again.encode(&same), written);
        assert_eq!(&same, metadata);
        for tensor in &again.tensors {
            let found = snapshot.tensor(&tensor.name).expect("no tensor comes from nowhere");
            assert_eq!(found.shape, tensor.shape, "{}", tensor.name);
        }
    }
    match Snapshot::decode(bytes) {
        Ok((snapshot, _)) => {
            assert!(as_is.is_ok() && snapshot.check_finite().is_ok());
            true
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.len() > 4 && message.len() < 1 << 12, "{message}");
            assert!(message.contains("byte "), "{message}");
            assert!(!message.contains(char::is_control), "{message:?}");
            false
        }
    }
}
