//! The page: self-contained, escaped, stamped, the same in both languages.

use report::{
    Axis, Chart, ClaimRow, FigureEntry, Finding, GreyImage, GridStyle, OURS, Page, Reading, Section, Table,
    Verdict,
};
use report::{chart, markdown, png_grid};

const HOSTILE: &str = "</style><script>alert(\"1\")</script> & {{ 7*7 }} | `x`";

fn claim(verdict: Verdict) -> ClaimRow {
    ClaimRow {
        says: format!("MSE falls; {HOSTILE}"),
        place: HOSTILE.to_owned(),
        reported: "0.00016".to_owned(),
        finding: Finding {
            reason: HOSTILE.to_owned(),
            seeds: 3,
            readings: vec![Reading { name: HOSTILE.to_owned(), verdict, measured: HOSTILE.to_owned() }],
            ..Finding::new(verdict, "0.0002", HOSTILE)
        },
    }
}

fn page(stamp: Option<&str>) -> Page {
    let figure = |file: &str| FigureEntry {
        file: file.to_owned(),
        caption: HOSTILE.to_owned(),
        alt: HOSTILE.to_owned(),
    };
    let section = |id: &str, claims: Vec<ClaimRow>| Section {
        id: id.to_owned(),
        protocol: "scratch".to_owned(),
        title: format!("How many units? {HOSTILE}"),
        question: HOSTILE.to_owned(),
        reproduces: "Figure 3".to_owned(),
        figures: vec![figure("a curve.svg"), figure("grid.png")],
        tables: vec![Table::new(HOSTILE, Vec::new(), Vec::new())],
        claims,
        hyperparameters: vec![vec![HOSTILE.to_owned(), "0.1".to_owned(), HOSTILE.to_owned()].into()],
        cuts: if id == "one" { vec![HOSTILE.to_owned()] } else { Vec::new() },
        files: vec!["rows.csv".to_owned()],
        notes: vec![HOSTILE.to_owned()],
        ..Section::default()
    };
    Page {
        title: format!("Five reports {HOSTILE}"),
        lead: HOSTILE.to_owned(),
        profile: "quick".to_owned(),
        data_note: HOSTILE.to_owned(),
        stamp: stamp.map(str::to_owned),
        facts: vec![("points".to_owned(), "112".to_owned())],
        apart: Some((HOSTILE.to_owned(), vec![HOSTILE.to_owned()])),
        sections: vec![section("one", Verdict::ALL.map(claim).to_vec()), section("two", Vec::new())],
    }
}

/// A chart for an SVG, a grid for a PNG.
fn picture(_: &Section, figure: &FigureEntry) -> Option<Vec<u8>> {
    Some(if figure.file.ends_with(".svg") {
        chart(&Chart::new(HOSTILE, Axis::linear("x"), Axis::log("y"))).into_bytes()
    } else {
        png_grid(&[GreyImage::new(&[0.0; 4], 2, 2)], &GridStyle::default())
    })
}

fn html(page: &Page) -> String {
    report::html(page, &picture)
}

#[test]
fn the_page_needs_no_network_and_runs_no_script() {
    let html = html(&page(None));
    let xmlns = "xmlns=\"http://www.w3.org/2000/svg\"";
    let rest = html.replace(xmlns, "");
    for forbidden in
        ["http://", "https://", "<script", "<link", "@import", "url(", "javascript:", "src=\"one"]
    {
        assert!(!rest.contains(forbidden), "the page contains {forbidden}");
    }
    assert_eq!(html.matches("src=\"data:image/svg+xml;base64,").count(), 2);
    assert_eq!(html.matches("src=\"data:image/png;base64,").count(), 2);
}

#[test]
fn hostile_words_are_words_in_both_languages() {
    let html = html(&page(Some(HOSTILE)));
    assert!(html.contains("&lt;script&gt;") && html.contains("{{ 7*7 }}"));
    assert!(!html.contains("&amp;lt;"), "escaped twice");
    let markdown = markdown(&page(Some(HOSTILE)));
    assert!(!markdown.contains("<script") && !markdown.contains("<svg"));
    assert!(markdown.contains("&lt;script&gt;") && markdown.contains("\\`x\\`"));
    for row in markdown.lines().filter(|line| line.starts_with("| MSE")) {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 5, "{row}");
    }
}

#[test]
fn every_element_of_the_page_is_closed() {
    let html = html(&page(Some("drawn stand-in data")));
    let body = html.split_once("<!DOCTYPE html>").unwrap().1;
    let (before, rest) = body.split_once("<style>").unwrap();
    let after = rest.split_once("</style>").unwrap().1;
    let mut xml = format!("{before}{after}");
    for void in ["<meta ", "<img "] {
        let mut closed = String::new();
        for (index, piece) in xml.split(void).enumerate() {
            closed += &if index == 0 {
                piece.to_owned()
            } else {
                format!("{void}{}", piece.replacen('>', "/>", 1))
            };
        }
        xml = closed;
    }
    let elements = crate::xml::elements(&xml);
    assert!(elements.iter().any(|e| e.name == "h1" && e.text.starts_with("Five reports </style><script>")));
    let mut anchors: Vec<&String> = elements.iter().filter_map(|e| e.attributes.get("id")).collect();
    let links = elements.iter().filter_map(|e| e.attributes.get("href")).filter(|href| href.starts_with('#'));
    for link in links {
        assert!(anchors.iter().any(|anchor| link[1..] == ***anchor), "{link} leads nowhere");
    }
    let count = anchors.len();
    anchors.dedup();
    assert_eq!((count, anchors.len()), (2, 2));
}

#[test]
fn a_verdict_is_always_a_word_beside_its_colour() {
    for text in [html(&page(None)), markdown(&page(None))] {
        for verdict in Verdict::ALL {
            assert!(text.contains(verdict.word()), "no word for {verdict:?}");
            assert!(
                text.contains(&format!("1 {}", verdict.word())),
                "no count of {verdict:?} in the contents"
            );
        }
        assert!(text.contains("no claims"));
        assert!(text.contains("othing that the report states."));
    }
}

#[test]
fn stand_in_data_is_stamped_at_the_top_and_on_every_caption() {
    let stamp = "drawn stand-in data";
    // Four captions and the top.
    assert_eq!(html(&page(Some(stamp))).matches(stamp).count(), 5);
    assert_eq!(markdown(&page(Some(stamp))).matches(stamp).count(), 5);
    assert!(!html(&page(None)).contains(stamp) && !html(&page(None)).contains("class=\"stamp"));
}

#[test]
fn markdown_shows_figures_by_their_relative_paths() {
    let markdown = markdown(&page(None));
    assert!(
        markdown.contains("](one/scratch/a%20curve.svg)") && markdown.contains("](two/scratch/grid.png)")
    );
    assert!(!markdown.contains("\n\n\n\n"), "gaps of more than two lines");
}

#[test]
fn the_same_page_has_the_same_bytes() {
    assert_eq!(html(&page(None)), html(&page(None)));
    assert_eq!(markdown(&page(None)), markdown(&page(None)));
}

#[test]
fn an_empty_page_is_a_page() {
    assert!(html(&Page::default()).contains("</html>"));
    assert!(markdown(&Page::default()).contains("## Contents"));
}

#[test]
fn claims_of_our_own_are_counted_apart() {
    let mut page = page(None);
    assert!(html(&page).contains("Claims of the reports: 4") && !html(&page).contains("of our own"));
    page.sections[1].claims = vec![ClaimRow { reported: OURS.to_owned(), ..claim(Verdict::Reproduced) }];
    let (html, markdown) = (html(&page), markdown(&page));
    assert!(html.contains("Claims of the reports: 4") && html.contains("and of our own: 1"));
    assert!(markdown.contains("reproduced | 1 |\n"), "{markdown}");
    assert!(
        markdown.contains("Claims of our own: ✓ 1 reproduced.") || markdown.contains("Claims of our own:")
    );
}

#[test]
fn what_a_report_says_and_what_we_claim_stand_apart() {
    let mut page = page(None);
    page.sections.truncate(1);
    assert!(html(&page).contains("The report says") && !html(&page).contains("We claim"));
    for claim in &mut page.sections[0].claims {
        claim.reported = OURS.to_owned();
    }
    page.sections[0].cuts.clear();
    page.sections[0].report = OURS.to_owned();
    for text in [html(&page), markdown(&page)] {
        assert!(text.contains("We claim") && !text.contains("The report says"));
        assert!(text.contains("There is no report"));
    }
}

/// Whoever made it, a picture is an image element: what is inside it cannot run.
#[test]
fn a_hostile_picture_is_only_looked_at() {
    let attack =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(2)</script></svg>";
    let html = report::html(&page(None), &|_, _| Some(attack.as_bytes().to_vec()));
    assert!(!html.contains("<svg") && !html.contains("<script") && !html.contains("onload"));
    assert_eq!(html.matches("<img class=\"svg\" src=\"data:image/svg+xml;base64,").count(), 4);
    for element in ["<object", "<embed", "<iframe"] {
        assert!(!html.contains(element), "{element} would run scripts");
    }
}

#[test]
fn a_picture_that_is_missing_or_none_is_said_to_be() {
    for bytes in [None, Some(b"<p>no picture</p>".to_vec())] {
        let html = report::html(&page(None), &|_, _| bytes.clone());
        assert_eq!(html.matches("The picture a curve.svg is missing, or is neither").count(), 2);
        assert!(!html.contains("<img"));
    }
}

/// What a stranger's folder may hold: names that are markup, that lead elsewhere, or that turn the line.
#[test]
fn hostile_names_of_sections_and_files_are_only_names() {
    let mut page = page(None);
    let section = &mut page.sections[0];
    section.id = format!("../../`{HOSTILE}\u{202e}");
    section.protocol = "//example.org/<script>x\u{1b}[2J".to_owned();
    section.files = vec!["../../../secret`](javascript:alert(1))".to_owned()];
    section.figures[0].file = "javascript:\"><script>.svg".to_owned();
    let (html, markdown) = (html(&page), markdown(&page));
    for text in [&html, &markdown] {
        assert!(!text.contains("<script") && !text.contains(['\u{202e}', '\u{1b}']));
    }
    // An escaped bracket ends no link.
    let links = |text: &str, start: &str, end: char| -> Vec<String> {
        text.split(start).skip(1).map(|rest| rest[..rest.find(end).unwrap()].to_owned()).collect()
    };
    for link in
        links(&html, "href=\"", '"').into_iter().chain(links(&markdown.replace("\\](", ""), "](", ')'))
    {
        assert!(!link.starts_with('/') && !link.contains([':', '<', ' ']) && !link.contains(".."), "{link}");
    }
    // Two places where the name of the other section stands as code.
    assert_eq!(markdown.matches("`two:scratch`").count(), 2);
}
