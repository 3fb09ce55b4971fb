//! Pages: every experiment's question, figures, claims, hyperparameters and files, as one HTML file and as Markdown.
//!
//! The HTML needs nothing but itself: the stylesheet and the figures are inside it, and there is no script. The Markdown
//! has the same content and shows the figures by their relative paths, `id/protocol/file`.

use crate::encode::png_uri;
use crate::table::{Table, escape_markdown};
use crate::text::escape;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Value, context};

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds for us too.
    Reproduced,
    /// It does not.
    NotReproduced,
    /// The spread over seeds covers both answers.
    Inconclusive,
}

impl Verdict {
    /// All verdicts, in the order in which they are counted out.
    pub const ALL: [Verdict; 3] = [Verdict::Reproduced, Verdict::NotReproduced, Verdict::Inconclusive];

    /// The verdict in words.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Reproduced => "reproduced",
            Verdict::NotReproduced => "not reproduced",
            Verdict::Inconclusive => "inconclusive",
        }
    }

    /// Its class in the stylesheet.
    fn class(self) -> &'static str {
        match self {
            Verdict::Reproduced => "yes",
            Verdict::NotReproduced => "no",
            Verdict::Inconclusive => "open",
        }
    }

    /// A sign beside the word.
    fn sign(self) -> &'static str {
        match self {
            Verdict::Reproduced => "✓",
            Verdict::NotReproduced => "✗",
            Verdict::Inconclusive => "≈",
        }
    }
}

/// A drawn figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawing {
    /// An SVG document that this crate wrote; it is set into the page as it is.
    Svg(String),
    /// A PNG file.
    Png(Vec<u8>),
}

/// A figure and its words.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The picture.
    pub drawing: Drawing,
    /// The file it is also written to, in the section's folder.
    pub file_name: String,
    /// What to see in it.
    pub caption: String,
    /// What it shows, for those who cannot see it.
    pub alt: String,
}

/// One claim of a report beside what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimRow {
    /// The report's sentence.
    pub statement: String,
    /// The report's number; may be empty.
    pub report_value: String,
    /// Ours.
    pub measured: String,
    /// What became of it.
    pub verdict: Verdict,
    /// Why so; may be empty.
    pub why: String,
    /// Whether no report made the claim: it is counted apart.
    pub ours: bool,
}

/// One experiment under one protocol.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// The experiment: "alpha-rbm-units".
    pub id: String,
    /// Whose hyperparameters: "scratch".
    pub protocol: String,
    /// The section's heading.
    pub title: String,
    /// The question that the report asked.
    pub question: String,
    /// What it reproduces: "Figure 3 (a)–(h)".
    pub reproduces: String,
    /// The figures.
    pub figures: Vec<Figure>,
    /// Tables under the figures.
    pub tables: Vec<Table>,
    /// The claims.
    pub claims: Vec<ClaimRow>,
    /// Names and values.
    pub hyperparameters: Vec<(String, String)>,
    /// What the profile cut; empty when nothing was.
    pub cuts: Vec<String>,
    /// Names and paths relative to the page.
    pub files: Vec<(String, String)>,
    /// Remarks.
    pub notes: Vec<String>,
}

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
    /// The experiments.
    pub sections: Vec<Section>,
}

const STYLE: &str = include_str!("templates/style.css");
const HTML: &str = include_str!("templates/page.html");
const MARKDOWN: &str = include_str!("templates/report.md");

/// The page as one self-contained HTML file.
pub fn html(page: &Page) -> String {
    render(
        "page.html",
        HTML,
        &context! { style => Value::from_safe_string(STYLE.to_owned()), ..values(page, figure_html) },
    )
}

/// The page as Markdown; figures are shown by the paths `id/protocol/file`.
pub fn markdown(page: &Page) -> String {
    render("report.md", MARKDOWN, &values(page, figure_markdown))
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
    environment.add_filter("path", |text: &str| percent_encode(text));
    environment.add_template(name, source).expect("the template is part of the program");
    let template = environment.get_template(name).expect("the template was just added");
    template.render(values.clone()).expect("the template names only values that the page has")
}

fn values(page: &Page, figure: fn(&Section, &Figure) -> Value) -> Value {
    let (ours, all): (Vec<&ClaimRow>, Vec<&ClaimRow>) =
        page.sections.iter().flat_map(|section| &section.claims).partition(|claim| claim.ours);
    let sections: Vec<Value> = page.sections.iter().map(|one| section(one, figure)).collect();
    context! {
        title => &page.title,
        lead => &page.lead,
        profile => &page.profile,
        data_note => &page.data_note,
        stamp => page.stamp.as_deref().unwrap_or(""),
        facts => pairs(&page.facts),
        counts => counts(&all, |_| true),
        claim_count => all.len(),
        own_counts => counts(&ours, |count| count > 0),
        own_count => ours.len(),
        sections,
    }
}

fn section(section: &Section, figure: fn(&Section, &Figure) -> Value) -> Value {
    let claim = |claim: &ClaimRow| {
        context! {
            statement => &claim.statement,
            report_value => &claim.report_value,
            measured => &claim.measured,
            why => &claim.why,
            verdict => verdict(claim.verdict),
        }
    };
    let tables = section.tables.iter();
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
        claims => section.claims.iter().map(claim).collect::<Vec<_>>(),
        counts => counts(&section.claims.iter().collect::<Vec<_>>(), |count| count > 0),
        hyperparameters => pairs(&section.hyperparameters),
        cuts => &section.cuts,
        files => pairs(&section.files),
        notes => &section.notes,
    }
}

fn verdict(verdict: Verdict) -> Value {
    context! { word => verdict.word(), class => verdict.class(), sign => verdict.sign() }
}

fn counts(claims: &[&ClaimRow], keep: fn(usize) -> bool) -> Vec<Value> {
    let count = |verdict: Verdict| (verdict, claims.iter().filter(|claim| claim.verdict == verdict).count());
    let kept = Verdict::ALL.into_iter().map(count).filter(|(_, count)| keep(*count));
    kept.map(|(one, count)| context! { count, verdict => verdict(one) }).collect()
}

fn pairs(pairs: &[(String, String)]) -> Vec<Value> {
    pairs.iter().map(|(name, value)| context! { name => name, value => value }).collect()
}

fn figure_html(section: &Section, figure: &Figure) -> Value {
    let (picture, width) = match &figure.drawing {
        Drawing::Svg(svg) => (Value::from_safe_string(svg.clone()), svg_width(svg)),
        Drawing::Png(png) => (Value::from(png_uri(png)), png_width(png)),
    };
    context! {
        picture,
        is_svg => matches!(figure.drawing, Drawing::Svg(_)),
        width => width.round() as i64,
        // Below this the words in the figure would be too small to read: scroll rather than shrink.
        least => (0.74 * width).round() as i64,
        scrolls => matches!(figure.drawing, Drawing::Svg(_)) && 0.74 * width > 350.0,
        wide => width > 800.0,
        path => relative_path(section, figure),
        file_name => &figure.file_name,
        caption => &figure.caption,
        alt => &figure.alt,
    }
}

fn figure_markdown(section: &Section, figure: &Figure) -> Value {
    context! { path => relative_path(section, figure), caption => &figure.caption, alt => &figure.alt }
}

fn relative_path(section: &Section, figure: &Figure) -> String {
    format!("{}/{}/{}", section.id, section.protocol, figure.file_name)
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

/// The width that an SVG document says it has; 640 where it says none.
fn svg_width(svg: &str) -> f64 {
    let head = &svg[..svg.find('>').unwrap_or(svg.len())];
    let value = head.split(" width=\"").nth(1).and_then(|rest| rest.split('"').next());
    value.and_then(|value| value.parse().ok()).unwrap_or(640.0)
}

/// The width in a PNG's header; 640 where there is none.
fn png_width(png: &[u8]) -> f64 {
    let field = png.get(16..20).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
    field.map_or(640.0, |bytes| f64::from(u32::from_be_bytes(bytes)))
}
