//! MNIST: two files that must agree.

use datasets::{Levels, mnist};

use crate::support::{gzip, idx_bytes, small_mnist};

#[test]
fn images_and_labels_are_read_gzipped_or_not() {
    let [images, labels] = small_mnist();
    let plain = mnist::parse(&images, "images", &labels, "labels").unwrap();
    assert_eq!((plain.len(), plain.height, plain.width, plain.levels), (2, 28, 28, Levels::Grey));
    assert_eq!(plain.labels, [7, 0]);
    assert_eq!(plain.image(1), &images[16 + 784..]);
    assert_eq!(plain.classes[7], "7");
    assert_eq!(mnist::parse(&gzip(&images), "images", &gzip(&labels), "labels").unwrap(), plain);
}

#[test]
fn the_file_that_is_wrong_is_the_file_that_is_named() {
    let [images, labels] = small_mnist();
    let message = |images: &[u8], labels: &[u8]| {
        mnist::parse(images, "the-images", labels, "the-labels").unwrap_err().to_string()
    };
    assert_eq!(
        message(&images, &idx_bytes(&[2], vec![3, 10])),
        "the-labels: byte 9: expected a label from 0 to 9, found 10"
    );
    assert_eq!(
        message(&images, &idx_bytes(&[3], vec![1, 2, 3])),
        "the-labels: byte 4: expected 2 labels, one for each image of the-images, found 3"
    );
    assert!(message(&labels, &images).starts_with("the-images: byte 0: expected n × 28 × 28 unsigned bytes"));
}
