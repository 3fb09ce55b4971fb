//! Binary AlphaDigits: 36 classes ("0" to "9", "A" to "Z") of 39 binary images of 20 × 16, in one MAT-file.
//!
//! ```text
//! dat          classes × examples cells, each height × width, 0 or 1
//! numclasses   the number of classes
//! classlabels  one char a class, or the number of a digit
//! classcounts  one number a class: its examples
//! ```
//!
//! Examples come out class by class: example e of class c is image c · 39 + e. In the file an image is
//! column-major; it is transposed here, once. Other numbers of classes and examples, and other sizes, are
//! read as well, as long as the four variables agree.

use crate::error::list;
use crate::mat::{self, Array, Values};
use crate::{DataError, Images, Levels, Place};

/// The variables that are read; a workspace may hold others.
const NAMES: [&str; 4] = ["dat", "numclasses", "classlabels", "classcounts"];
/// Most examples a class may have.
const MAX_EXAMPLES: usize = 1 << 16;
/// Most rows, and most columns, that an image may have.
const MAX_SIDE: usize = 256;
/// Most pixels in all; the published file has 449 280.
const MAX_PIXELS: usize = 1 << 23;

/// The images of a MAT-file of this kind; `file` is its name for error messages.
///
/// # Errors
/// [`DataError`] when the bytes are no MAT-file that can be read, a variable is missing, the variables
/// contradict each other, or a pixel is neither 0 nor 1.
pub fn parse(bytes: &[u8], file: &str) -> Result<Images, DataError> {
    let variables = mat::read_wanted(bytes, file, |name| NAMES.contains(&name))?;
    let find = |name: &str| {
        variables.iter().find(|variable| variable.name == name).ok_or_else(|| {
            let names = list(variables.iter().map(|variable| &variable.name), ", ");
            let found =
                if names.is_empty() { "none of its names".to_owned() } else { format!("only {names}") };
            DataError::malformed(file, Place::Byte(128), format!("a variable {name}"), found)
        })
    };
    let reader = Reader { file };
    let (dat, labels, counts) = (find("dat")?, find("classlabels")?, find("classcounts")?);
    let (cells, n_classes, n_examples) = reader.cell_grid(dat)?;
    let announced = reader.number(find("numclasses")?)?;
    if announced != n_classes as f64 {
        let found = format!("{announced}");
        return Err(reader.wrong(find("numclasses")?, format!("{n_classes}, the rows of dat"), found));
    }
    let classes = reader.class_names(labels, n_classes)?;
    reader.check_counts(counts, n_classes, n_examples)?;
    let (height, width) = reader.image_size(&cells[0])?;
    let n_pixels = n_classes * n_examples * height * width;
    if n_pixels > MAX_PIXELS {
        let (file, place, limit) = (file.to_owned(), dat.place, MAX_PIXELS as u64);
        let found = format!("{n_classes} × {n_examples} images of {height} × {width}");
        return Err(DataError::TooLarge { file, place, what: "pixels in all", limit, found });
    }
    let mut pixels = Vec::with_capacity(n_pixels);
    let mut labels = Vec::with_capacity(n_classes * n_examples);
    for class in 0..n_classes {
        for example in 0..n_examples {
            let cell = &cells[class + example * n_classes];
            reader.push_image(cell, [height, width], &mut pixels)?;
            labels.push(u8::try_from(class).expect("at most 256 classes were let in"));
        }
    }
    Ok(Images { pixels, height, width, labels, classes, levels: Levels::Binary })
}

/// The names of the published classes: the digits, then the letters.
pub fn names() -> Vec<String> {
    ('0'..='9').chain('A'..='Z').map(String::from).collect()
}

struct Reader<'a> {
    file: &'a str,
}

impl Reader<'_> {
    fn wrong(&self, array: &Array, expected: impl Into<String>, found: impl Into<String>) -> DataError {
        DataError::malformed(self.file, array.place, expected, found)
    }

    /// The cells of `dat`, and how many classes and examples they are.
    fn cell_grid<'a>(&self, dat: &'a Array) -> Result<(&'a [Array], usize, usize), DataError> {
        match (&dat.values, dat.dims.as_slice()) {
            (Values::Cell(cells), &[classes @ 1..=256, examples @ 1..=MAX_EXAMPLES]) => {
                Ok((cells, classes, examples))
            }
            _ => {
                let expected = "dat to be classes × examples cells, 1 to 256 of 1 to 65536";
                Err(self.wrong(dat, expected, dat.describe()))
            }
        }
    }

    fn number(&self, array: &Array) -> Result<f64, DataError> {
        match self.numbers(array, 1).as_deref() {
            Some(&[number]) => Ok(number),
            _ => Err(self.wrong(array, "one number", array.describe())),
        }
    }

    /// The numbers of an array, if there are `count` of them: not a copy of more, however many the file holds.
    fn numbers(&self, array: &Array, count: usize) -> Option<Vec<f64>> {
        if array.values.len() == count { array.numbers() } else { None }
    }

    fn class_names(&self, labels: &Array, n_classes: usize) -> Result<Vec<String>, DataError> {
        let Values::Cell(cells) = &labels.values else {
            return Err(self.wrong(labels, "classlabels to be cells", labels.values.class()));
        };
        if cells.len() != n_classes {
            let found = format!("{}", cells.len());
            return Err(self.wrong(labels, format!("{n_classes} class labels, the rows of dat"), found));
        }
        let mut names: Vec<String> = Vec::with_capacity(n_classes);
        for cell in cells {
            let digit = || self.number(cell).ok().filter(|x| (0.0..=9.0).contains(x) && x.fract() == 0.0);
            let name = if (1..=16).contains(&cell.values.len()) { cell.text() } else { None };
            let name = name.or_else(|| digit().map(|digit| digit.to_string()));
            let name = name.ok_or_else(|| {
                self.wrong(cell, "a class label of 1 to 16 characters in one row", cell.describe())
            })?;
            if names.contains(&name) {
                return Err(self.wrong(cell, "class labels that differ", format!("{name:?} twice")));
            }
            names.push(name);
        }
        Ok(names)
    }

    /// Each class has as many examples as `dat` has columns: the data set is not ragged.
    fn check_counts(&self, counts: &Array, n_classes: usize, n_examples: usize) -> Result<(), DataError> {
        let numbers = match &counts.values {
            Values::Cell(cells) => cells.iter().map(|cell| self.number(cell)).collect::<Result<_, _>>()?,
            _ => self.numbers(counts, n_classes).unwrap_or_default(),
        };
        let ragged = numbers.iter().find(|&&number| number != n_examples as f64);
        if let Some(number) = ragged {
            let expected = format!("classcounts of {n_examples}, the columns of dat");
            return Err(self.wrong(counts, expected, format!("a count of {number}")));
        }
        if numbers.len() != n_classes {
            let expected = format!("{n_classes} class counts, the rows of dat");
            return Err(self.wrong(counts, expected, counts.describe()));
        }
        Ok(())
    }

    fn image_size(&self, cell: &Array) -> Result<(usize, usize), DataError> {
        match *cell.dims.as_slice() {
            [height @ 1..=MAX_SIDE, width @ 1..=MAX_SIDE] => Ok((height, width)),
            _ => Err(self.wrong(cell, "an image of 1 to 256 rows and columns", cell.describe())),
        }
    }

    /// Appends one image, row by row.
    fn push_image(&self, cell: &Array, size: [usize; 2], pixels: &mut Vec<u8>) -> Result<(), DataError> {
        if cell.dims != size {
            let expected = format!("an image of {} × {} like the first one", size[0], size[1]);
            return Err(self.wrong(cell, expected, cell.describe()));
        }
        // Both sizes are at most MAX_SIDE by now, so that this copy of the values is small.
        let values = cell
            .numbers()
            .ok_or_else(|| self.wrong(cell, "an image of numbers or logical values", cell.describe()))?;
        let [height, width] = size;
        for row in 0..height {
            for column in 0..width {
                let value = values[row + column * height];
                if value != 0.0 && value != 1.0 {
                    let found = format!("{value} in row {row}, column {column}");
                    return Err(self.wrong(cell, "pixels of 0 or 1", found));
                }
                pixels.push(u8::from(value == 1.0));
            }
        }
        Ok(())
    }
}
