//! Draws a row of stand-in glyphs in the terminal, or of a `binaryalphadigs.mat` named on the command line:
//! `cargo run --release --package datasets --example show_glyphs [FILE]`
#![allow(clippy::print_stdout)]

use datasets::{alphadigits, standin};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (bytes, name) = match std::env::args().nth(1) {
        Some(path) => (std::fs::read(&path)?, path),
        None => (standin::alphadigits(tensor::Seed::new(1), standin::PER_CLASS), "drawn".to_owned()),
    };
    let glyphs = alphadigits::parse(&bytes, &name)?;
    for row in (0..glyphs.height).step_by(2) {
        for class in 10..16 {
            let image = glyphs.image(glyphs.of_classes(&[class])[7]);
            let [upper, lower] = [row, row + 1].map(|row| &image[row * glyphs.width..][..glyphs.width]);
            let blocks = upper.iter().zip(lower).map(|(&u, &l)| [' ', '▄', '▀', '█'][usize::from(2 * u + l)]);
            print!("{}   ", blocks.collect::<String>());
        }
        println!();
    }
    Ok(())
}
