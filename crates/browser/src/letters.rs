//! The letters of a session: drawn by the project's stand-in, which nobody has to download.

use datasets::{Images, alphadigits, standin};
use tensor::{Matrix, Seed};

/// Rows of a letter.
pub const HEIGHT: usize = 20;
/// Columns of a letter.
pub const WIDTH: usize = 16;
/// Drawings of each class.
pub const EXAMPLES: usize = 13;

/// [`EXAMPLES`] drawings of each of the 36 characters, 0 to 9 and A to Z, the same on every call.
pub fn drawn() -> Images {
    let file = standin::alphadigits(Seed::new(1), EXAMPLES);
    alphadigits::parse(&file, "drawn letters").expect("the stand-in is a file of this kind")
}

/// The names of all characters, in the order of their classes.
const NAMES: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The characters that a text names, each once, in the order of their classes; small letters count as capitals, and what no
/// character is called is passed over.
pub fn named(text: &str) -> String {
    let text = text.to_ascii_uppercase();
    NAMES.chars().filter(|name| text.contains(*name)).collect()
}

/// All drawings of the characters named by `names` ("ABC"), pixels × drawings, as [`named`] orders them.
pub fn of_classes(images: &Images, names: &str) -> Matrix {
    let labels: Vec<u8> =
        named(names).chars().filter_map(|name| images.label_of(&name.to_string())).collect();
    images.to_matrix(&images.of_classes(&labels))
}
