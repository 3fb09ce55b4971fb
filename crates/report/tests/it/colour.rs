//! Heat maps, galleries and cubes: well formed, names escaped and inside the card, the same bytes each time.

use crate::xml::{assert_texts_have_room, elements};
use report::{
    ColourCloud, ColourImage, CubeFigure, GalleryFigure, HeatFigure, HeatInk, HeatMap, Tile, cubes, gallery,
    heat, png_picture,
};

const HOSTILE: &str = "a <b> & \"c\" 'd' ]]> and a long run of words that has to wrap somewhere";

fn heat_figure(label: &str) -> HeatFigure<'_> {
    let map = |i: usize| HeatMap {
        title: format!("({i}) {label}"),
        values: (0..12).map(|v| if v == 5 { f64::NAN } else { v as f64 - i as f64 }).collect(),
        ink: if i == 0 { HeatInk::Signed } else { HeatInk::Amount },
        decimals: 2,
        caption: label.to_owned(),
    };
    HeatFigure {
        title: label.to_owned(),
        rows: (0..4).map(|i| format!("guest {i} {label}")).collect(),
        columns: (0..3).map(|i| format!("dessert {i} {label}")).collect(),
        maps: (0..3).map(map).collect(),
        per_line: 2,
        note: label.to_owned(),
        stamp: Some("drawn stand-in data"),
    }
}

fn gallery_figure<'a>(label: &'a str, pixels: &'a [u8]) -> GalleryFigure<'a> {
    let tile = |i: usize| Tile {
        title: format!("({i}) {label}"),
        picture: ColourImage::new(pixels, 2, 3),
        caption: label.to_owned(),
    };
    let tiles = (0..3).map(tile).collect();
    GalleryFigure {
        title: label.to_owned(),
        tiles,
        columns: 2,
        tile_width: 200.0,
        stamp: Some("drawn stand-in data"),
    }
}

fn cube_figure<'a>(label: &'a str, colours: &'a [[f64; 3]]) -> CubeFigure<'a> {
    let cloud = || ColourCloud { title: label.to_owned(), colours, caption: label.to_owned() };
    CubeFigure {
        title: label.to_owned(),
        clouds: vec![cloud(), cloud()],
        columns: 2,
        side: 220.0,
        stamp: Some("drawn stand-in data"),
    }
}

const PIXELS: [u8; 18] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 9, 9, 9];
const COLOURS: [[f64; 3]; 5] =
    [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.9, 0.1, 0.5], [2.0, -1.0, 0.5], [f64::NAN, 0.0, 0.0]];

#[test]
fn figures_are_well_formed_and_say_their_words_exactly() {
    for svg in [
        heat(&heat_figure(HOSTILE)),
        gallery(&gallery_figure(HOSTILE, &PIXELS)),
        cubes(&cube_figure(HOSTILE, &COLOURS)),
    ] {
        let elements = elements(&svg);
        let words: Vec<&str> =
            elements.iter().filter(|e| e.name == "text").map(|e| e.text.as_str()).collect();
        assert!(words.join(" ").contains("a <b> & \"c\" 'd' ]]>"), "{words:?}");
        assert!(!svg.contains(" id=\""), "identifiers would collide on a page");
    }
}

#[test]
fn words_stay_inside_the_card_and_apart() {
    let word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen";
    for label in ["", "λ = 10", HOSTILE, word] {
        assert_texts_have_room(&heat(&heat_figure(label)));
        assert_texts_have_room(&gallery(&gallery_figure(label, &PIXELS)));
        assert_texts_have_room(&cubes(&cube_figure(label, &COLOURS)));
    }
    let nothing = HeatFigure { maps: vec![], ..heat_figure("nothing") };
    assert_texts_have_room(&heat(&nothing));
}

/// The number of each cell is printed, what is no number is blank, and larger amounts are darker.
#[test]
fn cells_print_their_values_and_darken_with_them() {
    let figure = HeatFigure { maps: heat_figure("x").maps.split_off(1), ..heat_figure("x") };
    let svg = heat(&figure);
    let all = elements(&svg);
    let numbers: Vec<&str> = all.iter().filter(|e| e.name == "text").map(|e| e.text.as_str()).collect();
    assert!(
        numbers.contains(&"10.00") && numbers.contains(&"−2.00") && !numbers.contains(&"NaN"),
        "{numbers:?}"
    );
    let cells = all.iter().filter(|e| e.name == "rect" && e.attributes.contains_key("stroke"));
    let light = |fill: &str| i64::from_str_radix(&fill[1..3], 16).unwrap();
    let shades: Vec<i64> = cells.map(|cell| light(&cell.attributes["fill"])).collect();
    assert_eq!(shades.len(), 24);
    assert_eq!(shades[5], 255, "no number, no shade");
    let rising: Vec<i64> =
        shades[..12].iter().copied().enumerate().filter(|(i, _)| *i != 5).map(|(_, s)| s).collect();
    assert!(rising.is_sorted_by(|a, b| a >= b) && rising[0] > rising[10] + 100, "{rising:?}");
}

/// Dots lie inside the card in their own colours; nearer ones come later; no number, no dot.
#[test]
fn a_cube_shows_every_colour_as_itself() {
    let svg = cubes(&cube_figure("x", &COLOURS));
    let all = elements(&svg);
    let dots: Vec<_> = all.iter().filter(|e| e.name == "circle").collect();
    assert_eq!(dots.len(), 8);
    let fills: Vec<&str> = dots[..4].iter().map(|dot| dot.attributes["fill"].as_str()).collect();
    assert_eq!(fills, ["#000000", "#ff0080", "#e61a80", "#ffffff"]);
    let (width, height) = (all[0].number("width"), all[0].number("height"));
    for dot in dots {
        assert!((0.0..width).contains(&dot.number("cx")) && (0.0..height).contains(&dot.number("cy")));
    }
}

#[test]
fn a_picture_keeps_its_bytes() {
    let png = png_picture(&ColourImage::new(&PIXELS, 2, 3));
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut out = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut out).unwrap();
    assert_eq!((info.width, info.height, info.color_type), (3, 2, png::ColorType::Rgb));
    assert_eq!(&out[..18], PIXELS);
}

/// A picture of one column does not make a figure of a mile.
#[test]
fn a_tall_picture_is_made_narrower() {
    let tall = ColourImage::new(&PIXELS, 6, 1);
    let tile = Tile { title: String::new(), picture: tall, caption: String::new() };
    let figure = GalleryFigure { tiles: vec![tile], ..gallery_figure("x", &PIXELS) };
    let all = elements(&gallery(&figure));
    let image = all.iter().find(|e| e.name == "image").unwrap();
    assert_eq!((image.number("height"), image.number("width")), (250.0, 41.67));
}

#[test]
#[should_panic(expected = "has 11 values for 4×3 cells")]
fn a_map_with_a_value_too_few_is_refused() {
    let mut figure = heat_figure("x");
    figure.maps[1].values.pop();
    figure.maps[1].title = "y".into();
    heat(&figure);
}

/// Whatever has a class has a rule for the dark scheme; colours that are data have none.
#[test]
fn figures_follow_the_dark_scheme_and_leave_data_alone() {
    let chart = report::chart(&report::Chart::new("x", report::Axis::linear("x"), report::Axis::log("y")));
    for svg in [
        heat(&heat_figure("x")),
        gallery(&gallery_figure("x", &PIXELS)),
        cubes(&cube_figure("x", &COLOURS)),
        chart,
    ] {
        let all = elements(&svg);
        let style = all.iter().find(|e| e.name == "style").unwrap();
        assert!(style.text.starts_with("@media (prefers-color-scheme:dark){"), "{}", style.text);
        for class in all.iter().filter_map(|e| e.attributes.get("class")).flat_map(|class| class.split(' ')) {
            assert!(
                ["legend", "plot"].contains(&class) || style.text.contains(&format!(".{class}{{")),
                "{class}"
            );
        }
        for dot in all.iter().filter(|e| e.name == "circle") {
            assert!(!dot.attributes.contains_key("class"), "a dot has its own colour in every scheme");
        }
    }
}
