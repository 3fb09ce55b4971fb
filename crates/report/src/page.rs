//! The page of a run: an index with the answers first, a page for each report, one for a class, and all of it as Markdown.
//!
//! The HTML needs no network: the stylesheet is inside every page, and figures lie beside it, `id/protocol/file`. Everything can be read
//! without scripts. The index has a few lines of script that narrow its list of claims; the other pages have some by which figures are
//! enlarged, a chart's values read, and rows of a strip gone through. The Markdown has the same content in
//! one file.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Value, context};

use crate::answered::{Answered, Exercise, Tried};
use crate::link::{anchor, percent_encode, relative_path};
use crate::section::{ClaimRow, FigureEntry, Hyperparameter, Section};
use crate::shown::{figure_html, figure_markdown};
use crate::snippet::{self, Snippet};
use crate::table::Table;
use crate::text::{escape, escape_markdown, markdown_code};
use crate::verdict::{Reading, Verdict, Verdicts};

/// A run as a reader sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The heading.
    pub title: String,
    /// What was done, from whom, in a sentence or two; may be empty.
    pub about: String,
    /// What is to be known of this run; may be empty.
    pub lead: String,
    /// The profile that made the results.
    pub profile: String,
    /// Which data the results come from, in a sentence.
    pub data_note: String,
    /// A warning to put at the top and on every caption: "drawn stand-in data".
    pub stamp: Option<String>,
    /// Facts beside the counts of verdicts: "points trained", "112".
    pub facts: Vec<(String, String)>,
    /// A heading and lines under the summary: which verdicts another run has otherwise.
    pub apart: Option<(String, Vec<String>)>,
    /// The questions that people come with.
    pub answers: Vec<Answered>,
    /// What a class may do with the run; without any that can be shown there is no page for it.
    pub exercises: Vec<Exercise>,
    /// A page on which readers try something for themselves.
    pub tried: Option<Tried>,
    /// The experiments, report by report; a chapter without any has no page.
    pub chapters: Vec<Chapter>,
}

/// The experiments of one report, on a page of their own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chapter {
    /// The name of its page without the ending: letters, digits and hyphens.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// What the report is about, in a sentence.
    pub about: String,
    /// The claim that the report is about most: a section's name and what the claim says.
    pub headline: Option<(String, String)>,
    /// The experiments.
    pub sections: Vec<Section>,
    /// Lines of code for some of them, by their names, `id:protocol`.
    pub snippets: BTreeMap<String, Snippet>,
}

impl Page {
    /// All experiments, in the order of the pages.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.chapters.iter().flat_map(|chapter| &chapter.sections)
    }

    /// The chapters with a page.
    fn shown(&self) -> impl Iterator<Item = &Chapter> {
        self.chapters.iter().filter(|chapter| !chapter.sections.is_empty())
    }
}

impl Chapter {
    /// The name of its page.
    pub fn file(&self) -> String {
        format!("{}.html", self.slug)
    }
}

const STYLE: &str = include_str!("templates/style.css");
const SEARCH: &str = include_str!("templates/search.js");
const FIGURES: &str = include_str!("templates/figures.js");
const FRAME: &str = include_str!("templates/frame.html");
const INDEX: &str = include_str!("templates/index.html");
const CHAPTER: &str = include_str!("templates/chapter.html");
const CLASS: &str = include_str!("templates/class.html");
const MARKDOWN: &str = include_str!("templates/report.md");
/// The name of the first page.
const FIRST: &str = "index.html";
/// The name of the page for a class.
const FOR_A_CLASS: &str = "class.html";

/// Gives the bytes of a section's picture, SVG or PNG.
pub type Pictures<'a> = dyn Fn(&Section, &FigureEntry) -> Option<Vec<u8>> + 'a;

/// The pages as HTML, name by name, the index first. They show figures as image elements, so that no script in them runs; where
/// `pictures` gives nothing for one, or neither an SVG nor a PNG, the page says so.
pub fn html(page: &Page, pictures: &Pictures<'_>) -> Vec<(String, String)> {
    let figure = |section: &Section, entry: &FigureEntry| {
        figure_html(section, entry, pictures(section, entry).as_deref())
    };
    let style = Value::from_safe_string(STYLE.to_owned());
    let script = |script: &str| Value::from_safe_string(script.to_owned());
    let all = values(page, &figure);
    let index = render(
        "index.html",
        INDEX,
        &context! { style => style.clone(), script => script(SEARCH), first => FIRST, ..all.clone() },
    );
    let mut pages = vec![(FIRST.to_owned(), index)];
    for chapter in page.shown() {
        let style = style.clone();
        let script = script(FIGURES);
        let own = context! { style, script, first => FIRST, chapter => self::chapter(chapter, &figure), ..all.clone() };
        pages.push((chapter.file(), render("chapter.html", CHAPTER, &own)));
    }
    let exercises = page.exercises.iter().filter_map(|one| exercise(page, one, &figure)).collect::<Vec<_>>();
    if !exercises.is_empty() {
        let own = context! { style, script => script(FIGURES), first => FIRST, exercises, ..all };
        pages.push((FOR_A_CLASS.to_owned(), render("class.html", CLASS, &own)));
    }
    pages
}

/// All of it as one Markdown file; figures are shown by the paths `id/protocol/file`.
pub fn markdown(page: &Page) -> String {
    let sections: Vec<Value> = page.sections().map(|one| section(one, &figure_markdown)).collect();
    render("report.md", MARKDOWN, &context! { sections, ..values(page, &figure_markdown) })
}

fn render(name: &'static str, source: &'static str, values: &Value) -> String {
    let mut environment = Environment::new();
    let syntax =
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("the usual delimiters are legal"));
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None }
    });
    // The library's own HTML escaping also rewrites every slash, which would swell embedded pictures.
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe() => {
            out.write_str(&escape(text)).map_err(minijinja::Error::from)
        }
        _ => minijinja::escape_formatter(out, state, value),
    });
    environment.add_filter("md", |text: &str| escape_markdown(text));
    environment.add_filter("code", |text: &str| markdown_code(text));
    environment.add_filter("path", |text: &str| percent_encode(text));
    environment.add_template("frame.html", FRAME).expect("the template is part of the program");
    environment.add_template(name, source).expect("the template is part of the program");
    let template = environment.get_template(name).expect("the template was just added");
    template.render(values.clone()).expect("the template names only values that the page has")
}

/// What a template needs of one figure.
type ShowFigure<'a> = dyn Fn(&Section, &FigureEntry) -> Value + 'a;

fn values(page: &Page, figure: &ShowFigure<'_>) -> Value {
    let mut all = Verdicts::default();
    page.sections().for_each(|section| all += section.verdicts());
    let claims: Vec<Value> = page.shown().flat_map(listed).collect();
    context! {
        title => &page.title,
        about => &page.about,
        lead => &page.lead,
        profile => &page.profile,
        data_note => &page.data_note,
        stamp => page.stamp.as_deref().unwrap_or(""),
        facts => pairs(&page.facts),
        apart => page.apart.as_ref().map(|(heading, lines)| context! { heading, lines }),
        counts => counts(all.reports, |_| true),
        claim_count => all.reports.iter().sum::<usize>(),
        own_counts => counts(all.ours, |count| count > 0),
        own_count => all.ours.iter().sum::<usize>(),
        answers => page.answers.iter().filter_map(|one| answered(page, one, figure)).collect::<Vec<_>>(),
        tried => page.tried.as_ref().map(tried),
        chapters => page.shown().map(entry).collect::<Vec<_>>(),
        class => page.exercises.iter().any(|one| found(page, &one.answered).is_some()).then_some(FOR_A_CLASS),
        claims,
    }
}

/// A chapter as others see it.
fn entry(chapter: &Chapter) -> Value {
    let mut all = Verdicts::default();
    chapter.sections.iter().for_each(|section| all += section.verdicts());
    let headline = chapter.headline.as_ref().and_then(|(name, says)| {
        let named = |section: &&Section| format!("{}:{}", section.id, section.protocol) == *name;
        let section = chapter.sections.iter().find(named)?;
        section.claims.iter().find(|claim| claim.says == *says).map(claim)
    });
    let sections = chapter.sections.iter().map(|section| {
        context! { anchor => anchor(section), title => &section.title, name => name(section), counts => counted(section) }
    });
    context! {
        slug => &chapter.slug,
        file => chapter.file(),
        title => &chapter.title,
        about => &chapter.about,
        headline,
        counts => counts([0, 1, 2, 3].map(|i| all.reports[i] + all.ours[i]), |count| count > 0),
        sections => sections.collect::<Vec<_>>(),
    }
}

/// A chapter with everything in it.
fn chapter(chapter: &Chapter, figure: &ShowFigure<'_>) -> Value {
    let snippets = snippet::shown(chapter.sections.iter().map(|one| chapter.snippets.get(&name(one))));
    let sections = chapter.sections.iter().zip(snippets);
    let shown = sections.map(|(one, snippet)| context! { snippet, ..section(one, figure) });
    context! { shown => shown.collect::<Vec<_>>(), ..entry(chapter) }
}

/// All claims of a chapter in a line each, with the place where all of it stands.
fn listed(chapter: &Chapter) -> impl Iterator<Item = Value> {
    chapter.sections.iter().flat_map(|section| {
        let at = place(chapter, section);
        section.claims.iter().map(move |row| context! { at => &at, title => &section.title, ..claim(row) })
    })
}

/// Where a section stands, as a link.
fn place(chapter: &Chapter, section: &Section) -> String {
    format!("{}#{}", chapter.file(), anchor(section))
}

/// The section that answers a question, and its chapter; nothing where it is not drawn.
fn found<'p>(page: &'p Page, answered: &Answered) -> Option<(&'p Chapter, &'p Section)> {
    let (id, protocol) = &answered.section;
    let is_of = |section: &&Section| (&section.id, &section.protocol) == (id, protocol);
    page.shown().find_map(|chapter| Some((chapter, chapter.sections.iter().find(is_of)?)))
}

/// A question, its answer, and the figure that shows it; nothing where its section is not drawn.
fn answered(page: &Page, answered: &Answered, figure: &ShowFigure<'_>) -> Option<Value> {
    let (chapter, section) = found(page, answered)?;
    let shown = section.figures.iter().find(|entry| entry.file == answered.figure);
    let shown = shown.map(|entry| figure(section, entry));
    Some(context! {
        asks => &answered.asks,
        answer => &answered.answer,
        at => place(chapter, section),
        anchor => anchor(section),
        name => name(section),
        figure => shown,
    })
}

/// An exercise with its question; nothing where its section is not drawn.
fn exercise(page: &Page, exercise: &Exercise, figure: &ShowFigure<'_>) -> Option<Value> {
    let Exercise { title, task, lesson, answered: own } = exercise;
    let lesson = lesson.as_ref().map(|(number, about)| context! { number, about });
    Some(context! { title, task, lesson, ..answered(page, own, figure)? })
}

fn tried(tried: &Tried) -> Value {
    let Tried { title, about, file, is_there, command } = tried;
    context! { title, about, file, is_there, command }
}

/// `id:protocol`.
fn name(section: &Section) -> String {
    format!("{}:{}", section.id, section.protocol)
}

fn counted(section: &Section) -> Vec<Value> {
    let Verdicts { reports, ours } = section.verdicts();
    counts([0, 1, 2, 3].map(|i| reports[i] + ours[i]), |count| count > 0)
}

fn section(section: &Section, figure: &ShowFigure<'_>) -> Value {
    let tables = section.tables.iter();
    let (own, theirs): (Vec<&ClaimRow>, Vec<&ClaimRow>) =
        section.claims.iter().partition(|claim| section.is_ours(claim));
    let claims = |rows: &[&ClaimRow]| rows.iter().map(|row| claim(row)).collect::<Vec<_>>();
    // Weights lie where they were trained, and are not committed: the command makes them.
    let is_weights = |name: &str| name.starts_with("weights/");
    let file = |name: &String| {
        context! { name, is_weights => is_weights(name), path => relative_path(section, name) }
    };
    context! {
        anchor => anchor(section),
        id => &section.id,
        protocol => &section.protocol,
        title => &section.title,
        question => &section.question,
        reproduces => &section.reproduces,
        figures => section.figures.iter().map(|one| figure(section, one)).collect::<Vec<_>>(),
        tables_html => tables.clone().map(|table| Value::from_safe_string(table.html())).collect::<Vec<_>>(),
        tables_markdown => tables.map(Table::markdown).collect::<Vec<_>>(),
        // Those of the report, and those of no report.
        claims => [("The report says", "Report", claims(&theirs)), ("We claim", "Held against", claims(&own))]
            .into_iter()
            .filter(|(.., rows)| !rows.is_empty())
            .map(|(who, number, rows)| context! { who, number, rows })
            .collect::<Vec<_>>(),
        is_our_own => section.is_our_own(),
        counts => counted(section),
        hyperparameters => section.hyperparameters.iter().map(hyperparameter).collect::<Vec<_>>(),
        cuts => &section.cuts,
        files => section.files.iter().map(file).collect::<Vec<_>>(),
        notes => &section.notes,
    }
}

fn claim(claim: &ClaimRow) -> Value {
    let finding = &claim.finding;
    let readings = finding.readings.iter();
    context! {
        says => &claim.says,
        place => &claim.place,
        reported => if claim.is_ours() { "" } else { &claim.reported },
        measured => &finding.measured,
        why => &finding.why,
        reason => &finding.reason,
        under => finding.under(),
        seeds => match finding.seeds {
            0 => String::new(),
            1 => "one seed".to_owned(),
            n => format!("{n} seeds"),
        },
        readings => readings.map(reading).collect::<Vec<_>>(),
        verdict => verdict(finding.verdict),
    }
}

fn reading(reading: &Reading) -> Value {
    let Reading { name, verdict, measured } = reading;
    context! { name, measured, verdict => verdict.word() }
}

fn hyperparameter(own: &Hyperparameter) -> Value {
    let Hyperparameter { name, value, origin } = own;
    context! { name, value, origin }
}

fn verdict(verdict: Verdict) -> Value {
    context! { word => verdict.word(), class => verdict.class(), sign => verdict.sign() }
}

fn counts(counts: [usize; 4], keep: fn(usize) -> bool) -> Vec<Value> {
    let kept = Verdict::ALL.into_iter().zip(counts).filter(|(_, count)| keep(*count));
    kept.map(|(one, count)| context! { count, verdict => verdict(one) }).collect()
}

fn pairs(pairs: &[(String, String)]) -> Vec<Value> {
    pairs.iter().map(|(name, value)| context! { name => name, value => value }).collect()
}
