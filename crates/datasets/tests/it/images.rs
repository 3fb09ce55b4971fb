//! Choosing, thresholding and handing on images.

use datasets::{Images, Levels};

fn three() -> Images {
    Images {
        pixels: vec![0, 51, 255, 128, 127, 129, 1, 2, 3, 4, 5, 6],
        height: 2,
        width: 2,
        labels: vec![1, 0, 1],
        classes: vec!["0".to_owned(), "1".to_owned()],
        levels: Levels::Grey,
    }
}

#[test]
fn a_subset_keeps_order_and_repeats() {
    let images = three().subset(&[2, 0, 2]);
    assert_eq!(images.pixels, [3, 4, 5, 6, 0, 51, 255, 128, 3, 4, 5, 6]);
    assert_eq!(images.labels, [1, 1, 1]);
    assert_eq!((images.len(), images.features(), images.is_empty()), (3, 4, false));
}

#[test]
fn of_classes_gives_ascending_indices() {
    assert_eq!(three().of_classes(&[1]), [0, 2]);
    assert_eq!(three().of_classes(&[1, 0]), [0, 1, 2]);
    assert!(three().of_classes(&[7]).is_empty());
    assert_eq!(three().label_of("1"), Some(1));
    assert_eq!(three().label_of("A"), None);
}

#[test]
fn a_pixel_is_on_strictly_above_the_threshold() {
    let binary = three().binarised(127);
    assert_eq!(binary.pixels[..6], [0, 0, 1, 1, 0, 1]);
    assert_eq!(binary.levels, Levels::Binary);
}

#[test]
fn columns_are_samples_scaled_to_one() {
    let grey = three().to_matrix(&[0, 2]);
    assert_eq!((grey.rows(), grey.cols()), (4, 2));
    assert_eq!(grey.as_slice()[..3], [0.0, 0.2, 1.0]);
    let binary = three().binarised(127).to_matrix(&[0]);
    assert_eq!(binary.as_slice(), [0.0, 0.0, 1.0, 1.0]);
}

#[test]
fn the_digest_sees_every_part() {
    let canonical = |images: &Images| {
        let mut bytes = Vec::new();
        images.digest_input(|part| bytes.extend_from_slice(part));
        bytes
    };
    let base = canonical(&three());
    let mut others = vec![three(); 5];
    others[0].pixels[3] ^= 1;
    others[1].labels[1] = 1;
    others[2].classes[0] = "O".to_owned();
    (others[3].height, others[3].width) = (4, 1);
    others[4].levels = Levels::Binary;
    assert!(others.iter().all(|other| canonical(other) != base));
}
