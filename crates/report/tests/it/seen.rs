//! What a figure is for those who do not see it, and before it is loaded.

use report::readout::{Curve, Row};
use report::{Axis, Chart, Readout, chart, markdown};

use crate::pages::{HOSTILE, html, page};

#[test]
fn who_does_not_see_a_figure_hears_both_ends_of_its_curves_and_the_names_of_its_rows() {
    let curve = |name: &str, length: u32| Curve {
        name: name.to_owned(),
        points: (1..=length).map(|x| (x, x, x.to_string(), (100 - x).to_string())).collect(),
    };
    let mut page = page(None);
    let figure = &mut page.chapters[0].sections[0].figures[0];
    figure.alt = "Error against epochs.".to_owned();
    figure.readout = Readout {
        curves: vec![curve("random", 60), curve("tuned", 2)],
        rows: vec![
            Row { name: "RBM".to_owned(), ..Row::default() },
            Row { name: "real".to_owned(), ..Row::default() },
        ],
        ..Readout::default()
    };
    let words =
        "Error against epochs. random: 99 at 1 to 40 at 60; tuned: 99 at 1, 98 at 2. Rows: RBM, real.";
    assert!(html(&page).contains(&format!("alt=\"{words}\"")));
    assert!(markdown(&page).contains(&words.replace('.', "\\.")) || markdown(&page).contains(words));
}

#[test]
fn a_figure_has_its_place_before_it_is_loaded() {
    let drawn = html(&page(None));
    let sizes = drawn.split("<img ").skip(1).map(|img| {
        let number = |name: &str| -> u32 {
            img.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
        };
        (number("width"), number("height"))
    });
    let (charts, pixels): (Vec<_>, Vec<_>) = sizes.partition(|(width, _)| *width > 100);
    // A chart of the usual size is made smaller as a whole; a picture of a few pixels stays as it is.
    let svg = chart(&Chart::new(HOSTILE, Axis::linear("x"), Axis::log("y")));
    let own = |side: &str| -> f64 {
        svg.split(&format!(" {side}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    assert!(!charts.is_empty() && !pixels.is_empty());
    for (width, height) in charts {
        assert!(
            height <= 288
                && (f64::from(width) / f64::from(height) - own("width") / own("height")).abs() < 0.01
        );
    }
    assert!(pixels.iter().all(|size| *size == pixels[0] && size.1 < 100));
}
