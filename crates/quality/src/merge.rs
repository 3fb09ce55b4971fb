//! Which classes are one character: in AlphaDigits every '0' is, pixel for pixel, an 'O'.
//!
//! No scorer can tell such classes apart, and an image of one is a copy of an image of the other, so that leaving it out
//! would leave nothing out. Classes of which more than half of the images are shared are therefore one *character*, and
//! copies within a character are dropped.

use tensor::Matrix;

use crate::pixels;

/// The images that are kept, and what they are.
pub struct Merged {
    /// Indices of the images without copies within a character, ascending.
    pub kept: Vec<usize>,
    /// Every label under which each of them occurs, ascending.
    pub labels: Vec<Vec<u8>>,
    /// The character of each of them.
    pub group: Vec<usize>,
    /// The labels of each character, ascending.
    pub characters: Vec<Vec<u8>>,
}

/// Merges classes and drops copies among `images` (d × n, one label each).
pub fn merge(images: &Matrix, labels: &[u8]) -> Merged {
    let copies = copies(images);
    let characters = characters(&copies, labels);
    let character_of = |i: usize| {
        characters.iter().position(|c| c.contains(&labels[i])).expect("every label belongs to a character")
    };
    let group: Vec<usize> = (0..labels.len()).map(character_of).collect();
    let mut merged =
        Merged { kept: Vec::new(), labels: Vec::new(), group: Vec::new(), characters: Vec::new() };
    for (i, same) in copies.iter().enumerate() {
        let own = || same.iter().copied().filter(|&j| group[j] == group[i]);
        if own().min() == Some(i) {
            merged.kept.push(i);
            merged.labels.push(distinct(own().map(|j| labels[j])));
            merged.group.push(group[i]);
        }
    }
    merged.characters = characters;
    merged
}

/// For every image the images that equal it, itself included.
fn copies(images: &Matrix) -> Vec<Vec<usize>> {
    let order = pixels::order(images);
    let mut copies = vec![Vec::new(); images.cols()];
    for run in order.chunk_by(|&a, &b| images.column(a) == images.column(b)) {
        for &i in run {
            copies[i] = run.to_vec();
        }
    }
    copies
}

/// Sets of labels that share more than half of the images of the smaller class, in the order of their first label.
fn characters(copies: &[Vec<usize>], labels: &[u8]) -> Vec<Vec<u8>> {
    let mut characters: Vec<Vec<u8>> = Vec::new();
    for class in distinct(labels.iter().copied()) {
        let twin = characters.iter().position(|c| c.iter().any(|&other| share(copies, labels, class, other)));
        match twin {
            Some(at) => characters[at].push(class),
            None => characters.push(vec![class]),
        }
    }
    characters
}

/// Whether more than half of the images of the smaller class have a copy in the other.
fn share(copies: &[Vec<usize>], labels: &[u8], a: u8, b: u8) -> bool {
    let count = |class: u8, other: u8| {
        let own = || copies.iter().zip(labels).filter(|(_, l)| **l == class);
        let shared = own().filter(|(same, _)| same.iter().any(|&j| labels[j] == other)).count();
        (own().count(), shared)
    };
    let (smaller, shared) = count(a, b).min(count(b, a));
    2 * shared > smaller
}

fn distinct(labels: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut labels: Vec<u8> = labels.collect();
    labels.sort_unstable();
    labels.dedup();
    labels
}
