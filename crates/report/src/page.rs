//! Pages: every experiment's question, figures, claims, hyperparameters and files, as one HTML file and as Markdown.
//!
//! The HTML needs nothing but itself: the stylesheet and the figures are inside it, and there is no script. The Markdown
//! has the same content and shows the figures by their relative paths, `id/protocol/file`.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Value, context};

use crate::picture::Picture;
use crate::section::{ClaimRow, FigureEntry, Hyperparameter, Section};
use crate::table::Table;
use crate::text::{escape, escape_markdown, markdown_code};
use crate::verdict::{Reading, Verdict, Verdicts};

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The page's heading.
    pub title: String,
    /// A sentence or two under it; may be empty.
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
    /// The experiments.
    pub sections: Vec<Section>,
}

/// Figures with words shrink to this share of their size, and scroll where that is still too wide.
const LEAST_SCALE: f64 = 0.68;
/// What a phone shows beside its margins, in pixels.
const PHONE: f64 = 354.0;

const STYLE: &str = include_str!("templates/style.css");
const HTML: &str = include_str!("templates/page.html");
const MARKDOWN: &str = include_str!("templates/report.md");

/// Gives the bytes of a section's picture, SVG or PNG.
pub type Pictures<'a> = dyn Fn(&Section, &FigureEntry) -> Option<Vec<u8>> + 'a;

/// The page as one self-contained HTML file. It shows what `pictures` gives for each figure, as image elements, so that no
/// script in them runs; where it gives nothing, or neither an SVG nor a PNG, the page says so.
pub fn html(page: &Page, pictures: &Pictures<'_>) -> String {
    let figure = |section: &Section, entry: &FigureEntry| {
        figure_html(section, entry, pictures(section, entry).as_deref())
    };
    let style = Value::from_safe_string(STYLE.to_owned());
    render("page.html", HTML, &context! { style, ..values(page, &figure) })
}

/// The page as Markdown; figures are shown by the paths `id/protocol/file`.
pub fn markdown(page: &Page) -> String {
    render("report.md", MARKDOWN, &values(page, &figure_markdown))
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
    environment.add_template(name, source).expect("the template is part of the program");
    let template = environment.get_template(name).expect("the template was just added");
    template.render(values.clone()).expect("the template names only values that the page has")
}

/// What a template needs of one figure.
type ShowFigure<'a> = dyn Fn(&Section, &FigureEntry) -> Value + 'a;

fn values(page: &Page, figure: &ShowFigure<'_>) -> Value {
    let mut all = Verdicts::default();
    page.sections.iter().for_each(|section| all += section.verdicts());
    let sections: Vec<Value> = page.sections.iter().map(|one| section(one, figure)).collect();
    context! {
        title => &page.title,
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
        sections,
    }
}

fn section(section: &Section, figure: &ShowFigure<'_>) -> Value {
    let tables = section.tables.iter();
    let Verdicts { reports, ours } = section.verdicts();
    let (own, theirs): (Vec<&ClaimRow>, Vec<&ClaimRow>) =
        section.claims.iter().partition(|claim| section.is_ours(claim));
    let claims = |rows: &[&ClaimRow]| rows.iter().map(|row| claim(row)).collect::<Vec<_>>();
    let file = |name: &String| context! { name, path => relative_path(section, name) };
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
        counts => counts([0, 1, 2, 3].map(|i| reports[i] + ours[i]), |count| count > 0),
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

fn figure_html(section: &Section, figure: &FigureEntry, bytes: Option<&[u8]>) -> Value {
    let picture = bytes.and_then(Picture::of);
    let width = picture.as_ref().map_or(0.0, |picture| picture.width);
    let is_svg = picture.as_ref().is_some_and(|picture| picture.is_svg);
    context! {
        // The address is ours, and letters of base64 need no escaping.
        picture => picture.map(|picture| Value::from_safe_string(picture.uri)),
        is_svg,
        width => width.round() as i64,
        // Below this the words in the figure would be too small to read: scroll rather than shrink.
        least => (LEAST_SCALE * width).round() as i64,
        scrolls => is_svg && LEAST_SCALE * width > PHONE,
        wide => width > 800.0,
        ..figure_markdown(section, figure)
    }
}

fn figure_markdown(section: &Section, figure: &FigureEntry) -> Value {
    let FigureEntry { file, caption, alt } = figure;
    context! { path => relative_path(section, file), file, caption, alt }
}

/// Where a file of a section lies, seen from the page; never outside the page's folder, whatever the names say.
fn relative_path(section: &Section, file: &str) -> String {
    let names = [&section.id, &section.protocol, file].into_iter().flat_map(|name| name.split('/'));
    names.filter(|name| !["", ".", ".."].contains(name)).collect::<Vec<_>>().join("/")
}

/// Where a section can be linked to: letters, digits and hyphens.
fn anchor(section: &Section) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    format!("{}--{}", section.id, section.protocol).chars().map(plain).collect()
}

/// A relative path as an address.
fn percent_encode(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
