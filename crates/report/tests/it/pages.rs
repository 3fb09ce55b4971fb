//! The pages: without a network, escaped, stamped, the same in both languages, every link somewhere.

use report::readout::Row;
use report::{
    Answered, Axis, Chapter, Chart, ClaimRow, Exercise, FigureEntry, Finding, GreyImage, GridStyle, OURS,
    Page, Reading, Readout, Section, Table, Tried, Verdict,
};
use report::{chart, markdown, png_grid};

use crate::snippets::snippets;

pub const HOSTILE: &str = "</style><script>alert(\"1\")</script> & {{ 7*7 }} | `x`";

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

fn answered(id: &str) -> Answered {
    Answered {
        asks: HOSTILE.to_owned(),
        answer: HOSTILE.to_owned(),
        section: (id.to_owned(), "scratch".to_owned()),
        figure: "a curve.svg".to_owned(),
    }
}

pub fn page(stamp: Option<&str>) -> Page {
    let row = Row { name: HOSTILE.to_owned(), top: 10, height: 20 };
    let figure = |file: &str| FigureEntry {
        file: file.to_owned(),
        caption: HOSTILE.to_owned(),
        alt: HOSTILE.to_owned(),
        readout: Readout {
            width: 300,
            across: HOSTILE.to_owned(),
            rows: vec![row.clone(); 3],
            ..Readout::default()
        },
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
        files: vec!["rows.csv".to_owned(), "weights/rbm.safetensors".to_owned()],
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
        about: HOSTILE.to_owned(),
        answers: vec![answered("one")],
        exercises: vec![
            Exercise {
                title: HOSTILE.to_owned(),
                task: HOSTILE.to_owned(),
                lesson: Some((3, HOSTILE.to_owned())),
                answered: answered("one"),
            },
            Exercise { title: "Elsewhere".to_owned(), answered: answered("nowhere"), ..Exercise::default() },
        ],
        tried: None,
        chapters: vec![
            Chapter {
                slug: "first".to_owned(),
                title: format!("A report {HOSTILE}"),
                about: HOSTILE.to_owned(),
                headline: Some(("one:scratch".to_owned(), format!("MSE falls; {HOSTILE}"))),
                sections: vec![section("one", Verdict::ALL.map(claim).to_vec()), section("two", Vec::new())],
                snippets: snippets(&[("one", "a"), ("two", "a")]),
            },
            Chapter { slug: "empty".to_owned(), title: "Nothing".to_owned(), ..Chapter::default() },
            Chapter {
                slug: "second".to_owned(),
                title: "Ours".to_owned(),
                sections: vec![section("three", Vec::new())],
                snippets: snippets(&[("three", "b")]),
                ..Chapter::default()
            },
        ],
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

pub fn pages(page: &Page) -> Vec<(String, String)> {
    report::html(page, &picture)
}

/// All pages, one after another.
pub fn html(page: &Page) -> String {
    pages(page).into_iter().map(|(_, text)| text).collect()
}

#[test]
fn a_chapter_with_sections_has_a_page_and_the_index_comes_first() {
    let names: Vec<String> = pages(&page(None)).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["index.html", "first.html", "second.html", "class.html"]);
}

#[test]
fn the_pages_need_no_network_and_run_one_script_of_ours() {
    let pages = pages(&page(None));
    for (name, html) in &pages {
        for forbidden in ["http://", "https://", "<link", "@import", "url(", "javascript:", "<svg"] {
            assert!(!html.contains(forbidden), "{name} contains {forbidden}");
        }
        assert_eq!(html.matches("<script>").count(), 1, "{name}");
        let data = html.matches("<script type=\"application/json\">").count();
        assert_eq!(html.matches("<script").count(), 1 + data, "{name}");
        assert_eq!(html.matches("</script>").count(), 1 + data, "{name}");
        assert_eq!(data > 0, name != "index.html", "{name}");
    }
    let chapter = &pages[1].1;
    assert_eq!(chapter.matches("src=\"one/scratch/a%20curve.svg\"").count(), 1);
    assert_eq!(chapter.matches("src=\"two/scratch/grid.png\"").count(), 1);
}

#[test]
fn hostile_words_are_words_in_both_languages() {
    let html = html(&page(Some(HOSTILE)));
    assert!(html.contains("&lt;script&gt;") && html.contains("{{ 7*7 }}"));
    assert!(!html.contains("<script>alert"));
    assert!(!html.contains("&amp;lt;"), "escaped twice");
    let markdown = markdown(&page(Some(HOSTILE)));
    assert!(!markdown.contains("<script") && !markdown.contains("<svg"));
    assert!(markdown.contains("&lt;script&gt;") && markdown.contains("\\`x\\`"));
    for row in markdown.lines().filter(|line| line.starts_with("| MSE")) {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 5, "{row}");
    }
}

/// The elements of a page, whose stylesheet and script are cut out.
pub fn elements(html: &str) -> Vec<crate::xml::Element> {
    let body = html.split_once("<!DOCTYPE html>").unwrap().1;
    let mut xml = body.to_owned();
    for (open, close) in [("<style>", "</style>"), ("<script", "</script>")] {
        while let Some((before, rest)) = xml.clone().split_once(open) {
            xml = format!("{before}{}", rest.split_once(close).unwrap().1);
        }
    }
    for flag in [" hidden>", " hidden "] {
        xml = xml.replace(flag, &flag.replace("hidden", "hidden=\"\""));
    }
    for void in ["<meta ", "<img ", "<input "] {
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
    crate::xml::elements(&xml)
}

#[test]
fn every_element_is_closed_and_every_link_leads_somewhere() {
    let pages = pages(&page(Some("drawn stand-in data")));
    let all: Vec<(&String, Vec<crate::xml::Element>)> =
        pages.iter().map(|(name, html)| (name, elements(html))).collect();
    assert!(all[0].1.iter().any(|e| e.name == "h1" && e.text.starts_with("Five reports </style><script>")));
    let anchors = |elements: &[crate::xml::Element]| -> Vec<String> {
        elements.iter().filter_map(|e| e.attributes.get("id").cloned()).collect()
    };
    for (name, own) in &all {
        let mut ids = anchors(own);
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(count, ids.len(), "{name}: an anchor twice");
        for href in own.iter().filter_map(|e| e.attributes.get("href")) {
            let (file, anchor) = href.split_once('#').map_or((href.as_str(), None), |(f, a)| (f, Some(a)));
            let there =
                all.iter().find(|(other, _)| if file.is_empty() { other == name } else { *other == file });
            let files = ["rows.csv", "a%20curve.svg", "grid.png"];
            match (there, anchor) {
                (Some((_, elements)), Some(anchor)) => {
                    assert!(anchors(elements).iter().any(|id| id == anchor), "{name}: {href} leads nowhere");
                }
                (Some(_), None) => {}
                (None, _) => {
                    assert!(files.iter().any(|file| href.ends_with(file)), "{name}: {href} leads nowhere");
                }
            }
        }
        // Weights are not committed: no link leads to them.
        assert!(own.iter().all(|e| e.attributes.get("href").is_none_or(|href| !href.contains("weights"))));
    }
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
    // Six captions and that of an exercise, and the top of four pages or of one file.
    assert_eq!(html(&page(Some(stamp))).matches(stamp).count(), 11);
    assert_eq!(markdown(&page(Some(stamp))).matches(stamp).count(), 7);
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
    page.chapters[2].sections[0].claims =
        vec![ClaimRow { reported: OURS.to_owned(), ..claim(Verdict::Reproduced) }];
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
    page.chapters.truncate(1);
    page.chapters[0].sections.truncate(1);
    assert!(html(&page).contains("The report says") && !html(&page).contains("We claim"));
    for claim in &mut page.chapters[0].sections[0].claims {
        claim.reported = OURS.to_owned();
    }
    page.chapters[0].sections[0].cuts.clear();
    page.chapters[0].sections[0].report = OURS.to_owned();
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
    let pages = report::html(&page(None), &|_, _| Some(attack.as_bytes().to_vec()));
    let html: String = pages.into_iter().skip(1).map(|(_, text)| text).collect();
    assert!(!html.contains("<svg") && !html.contains("<script>alert") && !html.contains("onload"));
    assert_eq!(html.matches("<img loading").count(), 7);
    for element in ["<object", "<embed", "<iframe"] {
        assert!(!html.contains(element), "{element} would run scripts");
    }
}

#[test]
fn a_picture_that_is_missing_or_none_is_said_to_be() {
    for bytes in [None, Some(b"<p>no picture</p>".to_vec())] {
        let pages = report::html(&page(None), &|_, _| bytes.clone());
        let html: String = pages.into_iter().map(|(_, text)| text).collect();
        assert_eq!(html.matches("The picture a curve.svg is missing, or is neither").count(), 4);
        assert!(!html.contains("<img"));
    }
}

/// What a stranger's folder may hold: names that are markup, that lead elsewhere, or that turn the line.
#[test]
fn hostile_names_of_sections_and_files_are_only_names() {
    let mut page = page(None);
    let section = &mut page.chapters[0].sections[0];
    section.id = format!("../../`{HOSTILE}\u{202e}");
    section.protocol = "//example.org/<script>x\u{1b}[2J".to_owned();
    section.files = vec!["../../../secret`](javascript:alert(1))".to_owned()];
    section.figures[0].file = "javascript:\"><script>.svg".to_owned();
    let (html, markdown) = (html(&page), markdown(&page));
    for text in [&html, &markdown] {
        assert!(!text.contains("<script>x") && !text.contains(['\u{202e}', '\u{1b}']));
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

#[test]
fn the_page_for_a_class_has_the_exercises_that_were_run_and_all_pages_lead_to_it() {
    let all = pages(&page(None));
    let (_, class) = all.iter().find(|(name, _)| name == "class.html").unwrap();
    assert!(class.contains("Exercise 1 ") && !class.contains("Exercise 2 ") && !class.contains("Elsewhere"));
    for words in [
        "cargo xtask reproduce one:scratch --profile quick",
        "cargo xtask lesson 3",
        "<summary>Answer</summary>",
    ] {
        assert!(class.contains(words), "{words}");
    }
    for (name, html) in all.iter().filter(|(name, _)| name != "class.html") {
        assert!(html.contains("href=\"class.html\""), "{name}");
    }
    let none = Page { exercises: page(None).exercises.split_off(1), ..page(None) };
    let all = pages(&none);
    assert!(all.iter().all(|(name, html)| name != "class.html" && !html.contains("class.html")));
}

#[test]
fn the_index_leads_to_what_readers_try_or_says_how_to_make_it() {
    let tried = Tried {
        title: "Train one yourself".to_owned(),
        about: HOSTILE.to_owned(),
        file: "a page.html".to_owned(),
        is_there: true,
        command: "make it".to_owned(),
    };
    let with = |is_there| pages(&Page { tried: Some(Tried { is_there, ..tried.clone() }), ..page(None) });
    let (there, not_yet, none) = (with(true), with(false), pages(&page(None)));
    assert!(there[0].1.contains("<a href=\"a%20page.html\">") && !there[0].1.contains("make it"));
    assert!(!not_yet[0].1.contains("a%20page.html") && not_yet[0].1.contains("<code>make it</code>"));
    assert!(!none[0].1.contains(&tried.title));
    assert_eq!(there[1..], none[1..], "other pages say nothing of it");
}
