//! Event files: known bytes, our own reader, and TensorBoard's where it is there.

use export::events::{Scalar, read, write};

use crate::python;

fn scalars() -> Vec<Scalar> {
    let of = |tag: &str, step, value| Scalar { tag: tag.to_owned(), step, value };
    vec![of("descent/loss", 1, 0.75), of("descent/loss", 2, 0.0), of("layer 1/loss", 300, -1.5e-7)]
}

#[test]
fn the_first_record_is_the_version_alone() {
    let bytes = write(&[]);
    // Time and step are zero and not written: field 3, which is a text of 13 bytes.
    let expected = [&b"\x1a\x0dbrain.Event:2"[..]].concat();
    assert_eq!(&bytes[..8], (expected.len() as u64).to_le_bytes());
    assert_eq!(&bytes[12..12 + expected.len()], expected);
    assert_eq!(bytes.len(), 16 + expected.len());
}

#[test]
fn what_was_written_is_read_and_a_zero_is_a_number_like_others() {
    assert_eq!(read(&write(&scalars())).unwrap(), scalars());
}

#[test]
fn no_byte_may_change_and_no_end_may_be_missing() {
    let bytes = write(&scalars());
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1;
        read(&damaged).unwrap_err();
    }
    let whole: Vec<usize> = (1..bytes.len()).filter(|&end| read(&bytes[..end]).is_ok()).collect();
    // Ends between records are ends of files, too: after the version, and after each number but the last.
    assert_eq!(whole.len(), scalars().len());
    let long = [&u64::MAX.to_le_bytes()[..], &[0; 4]].concat();
    assert!(read(&long).is_err());
}

#[test]
fn tensorboard_reads_the_same_curves() {
    let Some(python) = python::with("tensorboard") else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("events.out.tfevents.0.test"), write(&scalars())).unwrap();
    let program = "from tensorboard.backend.event_processing.event_accumulator import EventAccumulator\n\
                   found = EventAccumulator('.')\n\
                   found.Reload()\n\
                   for tag in sorted(found.Tags()['scalars']):\n    \
                       print(tag, [(one.step, one.value) for one in found.Scalars(tag)])";
    let told = python::run(&python, program, folder.path());
    let small = f64::from(-1.5e-7_f32);
    let expected = format!("descent/loss [(1, 0.75), (2, 0.0)]\nlayer 1/loss [(300, {small:?})]\n")
        .replace("e-7", "e-07");
    assert_eq!(told, expected);
}
