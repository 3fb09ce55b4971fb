//! Damaged files: every prefix is refused, every flipped bit is survived.

use datasets::mat::{self, Array, Order, Packing, Values};
use datasets::{DataError, alphadigits, gzip, idx, mnist};

use crate::support::{self, idx_bytes, small_alphadigits, small_mnist, text};

/// A small valid file and what reads it.
struct Format {
    name: &'static str,
    bytes: Vec<u8>,
    read: fn(&[u8]) -> Result<(), DataError>,
}

/// One file of each format, each of about 2 kB or less.
fn formats() -> Vec<Format> {
    let read_idx: fn(&[u8]) -> _ = |bytes| idx::read(bytes, "f").map(|_| ());
    let read_mat: fn(&[u8]) -> _ = |bytes| mat::read(bytes, "f").map(|_| ());
    let read_alphadigits: fn(&[u8]) -> _ = |bytes| alphadigits::parse(bytes, "f").map(|_| ());
    let read_images: fn(&[u8]) -> _ = |bytes| mnist::parse(bytes, "f", &small_mnist()[1], "l").map(|_| ());
    let read_labels: fn(&[u8]) -> _ = |bytes| mnist::parse(&small_mnist()[0], "i", bytes, "f").map(|_| ());
    let [images, labels] = small_mnist();
    let mut formats = Vec::new();
    let mut add = |name, bytes: Vec<u8>, read| formats.push(Format { name, bytes, read });
    let idx_file = idx_bytes(&[2, 3], vec![1, 2, 3, 4, 5, 6]);
    add("idx, gzipped", support::gzip(&idx_file), read_idx);
    add("idx", idx_file, read_idx);
    add("mnist images, gzipped", support::gzip(&images), read_images);
    add("mnist images", images, read_images);
    add("mnist labels", labels, read_labels);
    let mixed = Values::Cell(vec![text("", "ab"), Array::new("", &[1, 3], Values::Logical(vec![true; 3]))]);
    let mixed = [Array::new("mixed", &[2, 1], mixed)];
    for (order, packing) in [Order::Little, Order::Big].into_iter().zip([Packing::Plain, Packing::Compressed])
    {
        add("mat", mat::write(&mixed, order, packing), read_mat);
        add("alphadigits", mat::write(&small_alphadigits(), order, packing), read_alphadigits);
    }
    formats
}

#[test]
fn every_prefix_of_a_valid_file_is_refused() {
    for Format { name, bytes, read } in formats() {
        read(&bytes).unwrap_or_else(|error| panic!("the whole {name} file: {error}"));
        for length in 0..bytes.len() {
            let error = read(&bytes[..length]).expect_err("a prefix is not the file");
            let message = error.to_string();
            assert!(
                message.starts_with("f: ") && message.contains("byte"),
                "{name} cut at {length}: {message}"
            );
        }
    }
}

#[test]
fn every_flipped_bit_is_refused_or_read() {
    for Format { bytes, read, .. } in formats() {
        assert!(bytes.len() <= 2200, "small enough to flip every bit of {}", bytes.len());
        let mut damaged = bytes.clone();
        for bit in 0..8 * bytes.len() {
            damaged[bit / 8] ^= 1 << (bit % 8);
            let _ = read(&damaged);
            damaged[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

#[test]
fn every_byte_set_to_its_extremes_is_refused_or_read() {
    for Format { bytes, read, .. } in formats() {
        let mut damaged = bytes.clone();
        for i in 0..bytes.len() {
            for value in [0x00, 0x7f, 0x80, 0xff] {
                damaged[i] = value;
                let _ = read(&damaged);
            }
            damaged[i] = bytes[i];
        }
    }
}

#[test]
fn a_gzip_file_is_inflated_whole_or_refused() {
    let content = vec![7; 5000];
    let packed = support::gzip(&content);
    assert_eq!(gzip::inflate(&packed, 5000, "f").unwrap(), content);
    assert_eq!(gzip::inflate(&content, 1, "f").unwrap(), content, "not compressed, so as it is");
    let error = gzip::inflate(&packed, 4999, "f").unwrap_err().to_string();
    assert!(error.contains("at most 4999 bytes"), "{error}");
    let error = gzip::inflate(&[&packed[..], &[0; 9]].concat(), 5000, "f").unwrap_err().to_string();
    assert!(error.contains("a file that goes on"), "{error}");
    // What follows ends in the right length.
    let error = gzip::inflate(&[&packed[..], &packed[packed.len() - 8..]].concat(), 5000, "f").unwrap_err();
    assert!(error.to_string().contains("8 more bytes"), "{error}");
    for length in 2..packed.len() {
        assert!(gzip::inflate(&packed[..length], 5000, "f").is_err());
    }
}

/// What parallel compressors write, and what `cat` makes of gzip files.
#[test]
fn a_gzip_file_of_several_members_is_their_content_in_a_row() {
    let [images, labels] = small_mnist();
    for cut in [0, 1, 3, 16, 500, images.len()] {
        let packed = [support::gzip(&images[..cut]), support::gzip(&images[cut..])].concat();
        assert_eq!(gzip::inflate(&packed, images.len(), "f").unwrap(), images, "cut at {cut}");
        let read = mnist::parse(&packed, "f", &labels, "l").unwrap();
        assert_eq!(read, mnist::parse(&images, "f", &labels, "l").unwrap());
        for length in packed.len() - 19..packed.len() {
            assert!(gzip::inflate(&packed[..length], 5000, "f").is_err(), "cut at {cut}, short at {length}");
            assert!(mnist::parse(&packed[..length], "f", &labels, "l").is_err());
        }
        assert!(gzip::inflate(&packed, images.len() - 1, "f").is_err());
        assert!(gzip::inflate(&[&packed[..], b"more"].concat(), 5000, "f").is_err());
    }
    // Many small ones, as block compressors write them, the last without content.
    let packed: Vec<u8> = images.chunks(7).chain([&[][..]]).flat_map(support::gzip).collect();
    assert_eq!(gzip::inflate(&packed, images.len(), "f").unwrap(), images);
    // None of them announces much; together they are too much.
    let bomb = support::gzip(&vec![0; 1 << 20]).repeat(65);
    let error = gzip::inflate(&bomb, usize::MAX, "f").unwrap_err().to_string();
    assert!(error.contains("at most 67108864 bytes of content"), "{error}");
}
