//! Panels and strips: well formed, deterministic, and every word inside the card.

use crate::xml::{assert_texts_have_room, elements};
use report::{
    GreyImage, NumberColumn, Panel, PanelFigure, RowKind, SignedScale, StripFigure, StripRow, Tone, panels,
    strips, text,
};

const HOSTILE: &str = "a <b> & \"c\" 'd' ]]> \u{1} and a long run of words that has to wrap somewhere";
const PIXELS: [f32; 320] = [0.5; 320];

fn images(count: usize) -> Vec<GreyImage<'static>> {
    vec![GreyImage::new(&PIXELS, 20, 16); count]
}

fn panel_figure(label: &str) -> PanelFigure<'_> {
    let panel = |i: usize| Panel {
        title: format!("({i}) {label}"),
        images: images(1 + i % 3),
        image_columns: i % 2,
        captions: vec![format!("MSE 0.{i:04} sampled"), label.to_owned()],
    };
    let panels = (0..8).map(panel).collect();
    PanelFigure {
        title: label.to_owned(),
        panels,
        stamp: Some("drawn stand-in data"),
        ..PanelFigure::default()
    }
}

fn strip_figure(label: &str) -> StripFigure<'_> {
    let column = |decimals| NumberColumn { heading: format!("score {label}"), decimals };
    let row = |i: usize| StripRow {
        label: format!("{i} classes: {label}"),
        images: images(2 * i),
        values: vec![-0.123 * i as f64, 1e6 * i as f64, f64::NAN],
        kind: if i == 4 { RowKind::Reference } else { RowKind::Plain },
    };
    StripFigure {
        title: label.to_owned(),
        columns: vec![column(2), column(5), column(0)],
        rows: (0..5).map(row).collect(),
        images_per_line: 5,
        stamp: Some("drawn stand-in data"),
        ..StripFigure::default()
    }
}

#[test]
fn figures_are_well_formed_and_say_their_words_exactly() {
    for svg in [panels(&panel_figure(HOSTILE)), strips(&strip_figure(HOSTILE))] {
        let elements = elements(&svg);
        let words: Vec<&str> =
            elements.iter().filter(|e| e.name == "text").map(|e| e.text.as_str()).collect();
        let all = words.join(" ");
        assert!(all.contains("a <b> & \"c\" 'd' ]]> \u{fffd}"), "{all}");
        assert!(all.contains("drawn stand-in data"));
        assert!(elements.iter().any(|e| e.name == "image" && e.attributes["style"].contains("pixelated")));
        assert!(!svg.contains(" id=\""), "identifiers would collide on a page");
    }
}

#[test]
fn words_stay_inside_the_card_and_apart() {
    let word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen";
    for label in ["", "q = 10 000", HOSTILE, word, "漢字仮名交じり文の長い見出し漢字仮名交じり文の長い見出し"]
    {
        assert_texts_have_room(&panels(&panel_figure(label)));
        assert_texts_have_room(&strips(&strip_figure(label)));
    }
}

#[test]
fn figures_without_anything_in_them_are_still_documents() {
    assert_texts_have_room(&panels(&PanelFigure {
        stamp: Some("drawn stand-in data"),
        ..PanelFigure::default()
    }));
    assert_texts_have_room(&strips(&StripFigure {
        stamp: Some("drawn stand-in data"),
        ..StripFigure::default()
    }));
    assert_texts_have_room(&panels(&PanelFigure::default()));
    assert_texts_have_room(&strips(&StripFigure::default()));
}

#[test]
fn the_same_figure_has_the_same_bytes() {
    assert_eq!(panels(&panel_figure(HOSTILE)), panels(&panel_figure(HOSTILE)));
    assert_eq!(strips(&strip_figure(HOSTILE)), strips(&strip_figure(HOSTILE)));
}

#[test]
fn a_shared_signed_scale_spans_all_panels() {
    let (small, large) = ([1.0f32], [10.0f32]);
    let panel = |pixels| Panel { images: vec![GreyImage::new(pixels, 1, 1)], ..Panel::default() };
    let drawn = |scale| {
        let figure = PanelFigure {
            panels: vec![panel(&small), panel(&large)],
            tone: Tone::Signed(scale),
            ..PanelFigure::default()
        };
        let uris = elements(&panels(&figure))
            .into_iter()
            .filter(|e| e.name == "image")
            .map(|e| e.attributes["href"].clone());
        uris.collect::<Vec<_>>()
    };
    let (shared, each) = (drawn(SignedScale::Shared), drawn(SignedScale::Each));
    assert_ne!(shared[0], shared[1]);
    assert_eq!(each[0], each[1]);
}

#[test]
fn numbers_print_alike_and_never_as_minus_zero() {
    assert_eq!(text::number(-0.0004, 2), "0.00");
    assert_eq!(text::number(-1.5, 1), "−1.5");
    assert_eq!(text::number(f64::NAN, 3), "–");
    assert_eq!(text::grouped(1000), "1000");
    assert_eq!(text::grouped(-1_234_567), "−1\u{a0}234\u{a0}567");
}

#[test]
#[should_panic(expected = "row “x” has 1 numbers for 0 columns")]
fn a_row_with_a_number_too_many_is_refused() {
    let row = StripRow { label: "x".to_owned(), values: vec![1.0], ..StripRow::default() };
    strips(&StripFigure { rows: vec![row], ..StripFigure::default() });
}

/// A phone's page is some 350 pixels wide: figures of 480 are shown whole there, and still read.
#[test]
fn strips_and_panels_wrap_to_what_a_phone_shows() {
    let row = |count: usize| StripRow {
        label: format!("{count} pictures"),
        images: images(count),
        ..StripRow::default()
    };
    let rows = [8, 16, 20, 200].map(row).to_vec();
    let figure = StripFigure { rows, images_per_line: 20, ..StripFigure::default() };
    let panel = || Panel { title: "(a) q = 1".to_owned(), images: images(2), ..Panel::default() };
    let eight = PanelFigure { panels: (0..8).map(|_| panel()).collect(), ..PanelFigure::default() };
    for svg in [strips(&figure), panels(&eight)] {
        let width = elements(&svg)[0].number("width");
        assert!(width <= 480.0, "the figure is {width} pixels wide");
    }
    // Sixteen of 16 × 3 pixels and a separator: two lines of eight, not eleven and five.
    let rows = vec![row(16)];
    let sixteen = elements(&strips(&StripFigure { rows, ..figure }));
    let sheet = sixteen.iter().find(|e| e.name == "image").unwrap();
    assert_eq!((sheet.number("width"), sheet.number("height")), (8.0 * 49.0 + 1.0, 2.0 * 61.0 + 1.0));
}

/// Numbers stand under each other in every row: beside the label where there is room, else under the pictures.
#[test]
fn the_numbers_of_a_strip_stand_at_the_same_place_in_every_row() {
    for headings in
        [vec!["MSE"], vec!["fidelity", "classes drawn", "Fréchet distance", "to nearest training image"]]
    {
        let column = |heading: &&str| NumberColumn { heading: (*heading).to_owned(), decimals: 1 };
        let row = |i: usize| StripRow {
            label: format!("{} units", 10 * i),
            images: images(8),
            values: headings.iter().map(|_| 7.5 * i as f64).collect(),
            kind: RowKind::Plain,
        };
        let columns = headings.iter().map(column).collect();
        let svg = strips(&StripFigure { columns, rows: (1..4).map(row).collect(), ..StripFigure::default() });
        assert_texts_have_room(&svg);
        let all = elements(&svg);
        let place = |text: &str| -> Vec<f64> {
            let found = all.iter().filter(|e| e.name == "text" && e.text == text);
            found.map(|e| e.number("x")).collect()
        };
        for heading in &headings {
            let places = place(heading);
            assert_eq!(places.len(), 3, "{heading} stands behind each of its numbers");
            assert!(places.iter().all(|x| x == &places[0]));
        }
        let (label, number) = (all.iter().find(|e| e.text == "10 units").unwrap(), place("7.5"));
        let on_its_line = all.iter().any(|e| e.text == "7.5" && e.number("y") == label.number("y"));
        assert_eq!((number.len(), on_its_line), (headings.len(), headings.len() == 1));
    }
}
