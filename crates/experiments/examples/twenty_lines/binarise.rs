//! A grey digit in black and white: what is left of it when only its pixels above 128 are kept.
//!
//! Gives the share of its pixels that are black.

use std::error::Error;

use tensor::Seed;

pub fn run() -> Result<f64, Box<dyn Error>> {
    let files = datasets::standin::mnist(Seed::new(1), 10, 1);
    let (images, labels) = (&files.train_images, &files.train_labels); // the files' bytes
    let digits = datasets::mnist::parse(images, "images", labels, "labels")?;
    let black = digits.binarised(128);
    for row in black.image(0).chunks(black.width) {
        println!("{}", row.iter().map(|&ink| [' ', '█'][usize::from(ink)]).collect::<String>());
    }
    let ink: usize = black.image(0).iter().map(|&pixel| usize::from(pixel)).sum();
    Ok(ink as f64 / black.features() as f64)
}
