//! A hyperparameter, declared once. From the declaration follow the key for `--set`, its bounds and error texts, its row in
//! the page's table, and the sentence that says what a profile cuts.
//!
//! The amounts themselves stand where they belong, in the experiment's entry: often each variant of a model has its own.
//! A value in which variants differ is what they are compared by, and cannot be set for all of them at once.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use anyhow::{Result, anyhow, ensure};
use report::Hyperparameter;

use crate::profile::{Profile, Scaled};
use crate::settings::Settings;

/// Something that `--set` can read: an amount, a rate, a name.
pub trait Amount: Clone + PartialEq + PartialOrd + Display + FromStr {
    /// What a text that is no such value was expected to be.
    const EXPECTED: &'static str;
    /// Whether a text is a number too large for the type, which has another error than what is no number.
    fn is_huge(text: &str, most: &Self) -> bool;
    /// What a value that is smaller than the least one was expected to be.
    fn above(least: &Self) -> String {
        format!("at least {least}")
    }
    /// What a value that is larger than the largest one was expected to be.
    fn below(most: &Self) -> String {
        format!("at most {most}")
    }
}

/// All numbers above zero, but for infinity.
pub const POSITIVE: RangeInclusive<f64> = f64::from_bits(1)..=f64::MAX;

impl Amount for usize {
    const EXPECTED: &'static str = "a whole number";
    fn is_huge(text: &str, most: &Self) -> bool {
        text.parse::<f64>().is_ok_and(|x| x > *most as f64)
    }
}

impl Amount for f32 {
    const EXPECTED: &'static str = "a number";
    fn is_huge(_: &str, _: &Self) -> bool {
        false
    }
    fn below(most: &Self) -> String {
        if *most == Self::MAX { "a finite number".into() } else { format!("at most {most}") }
    }
}

impl Amount for f64 {
    const EXPECTED: &'static str = "a number";
    fn is_huge(_: &str, _: &Self) -> bool {
        false
    }
    fn above(least: &Self) -> String {
        if least == POSITIVE.start() { "a positive number".into() } else { format!("at least {least}") }
    }
    fn below(most: &Self) -> String {
        if most == POSITIVE.end() { "a finite number".into() } else { format!("at most {most}") }
    }
}

/// A hyperparameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Hyper<T: 'static> {
    /// What `--set` calls it.
    pub key: &'static str,
    /// What the page's table calls it: "epochs a layer".
    pub says: &'static str,
    /// What the sentences about cuts call it: "epochs".
    pub unit: &'static str,
    /// The values that `--set` takes.
    pub range: RangeInclusive<T>,
}

impl<T: Amount> Hyper<T> {
    /// The value that a run uses: what `--set` says, else `amount`.
    ///
    /// # Errors
    /// If the text given to `--set` is no such value, or one outside the range; names key, bounds and value.
    pub fn of(&self, settings: &Settings, amount: T) -> Result<T> {
        let (key, most, least) = (self.key, self.range.end(), self.range.start());
        let Some(text) = settings.text(key) else { return Ok(amount) };
        ensure!(!T::is_huge(text, most), "--set {key}={text}: expected at most {most}");
        let value: T = text.parse().map_err(|_| anyhow!("--set {key}={text}: expected {}", T::EXPECTED))?;
        // What is not a number is neither at least nor at most anything.
        ensure!(value >= *least, "{key}: expected {}, found {value}", T::above(least));
        ensure!(value <= *most, "{key}: expected {}, found {value}", T::below(most));
        Ok(value)
    }

    /// The value for this run's profile, unless `--set` says otherwise.
    ///
    /// # Errors
    /// As [`Hyper::of`].
    pub fn at(&self, settings: &Settings, amount: &Scaled<T>) -> Result<T> {
        self.of(settings, amount.get(settings.profile).clone())
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The report says so, there: "Table 2".
    Stated(&'static str),
    /// The report is silent; its course or its code says so: what, and how.
    Course(&'static str),
    /// The report is silent, or there is none: chosen by us, and why, if there is more to say than the field's habit.
    Chosen(&'static str),
}

impl Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::Stated(place) => write!(f, "stated, {place}"),
            Origin::Course(what) => write!(f, "not stated; {what}"),
            Origin::Chosen("") => f.write_str("chosen by us"),
            Origin::Chosen(why) => write!(f, "chosen by us: {why}"),
        }
    }
}

/// Where the values of one experiment come from, by what the page's table calls them. What is not listed is chosen by us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origins(pub &'static [(&'static str, Origin)]);

impl Origins {
    /// Where the value of a name comes from.
    pub fn of(self, name: &str) -> Origin {
        self.0.iter().find(|(own, _)| *own == name).map_or(Origin::Chosen(""), |(_, origin)| *origin)
    }
}

/// What a reader and the command line are told of the hyperparameters of one experiment under one profile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hypers {
    /// What `--set` accepts.
    pub keys: Vec<&'static str>,
    /// Names, values and origins, for the page's table.
    pub table: Vec<Hyperparameter>,
    /// What the profile leaves out, one sentence each.
    pub cuts: Vec<String>,
    origins: Origins,
}

impl Hypers {
    /// Nothing yet; values come from where `origins` says.
    pub fn new(origins: Origins) -> Self {
        Self { origins, ..Self::default() }
    }

    /// Adds a hyperparameter with the amounts of the variants that this profile runs. It can be set when they all are to
    /// have the same in the paper profile.
    ///
    /// # Panics
    /// If there is no amount.
    pub fn add<T: Amount>(&mut self, hyper: &Hyper<T>, settings: &Settings, amounts: &[Scaled<T>]) {
        let first =
            amounts.first().unwrap_or_else(|| panic!("{}: expected an amount, found none", hyper.key));
        let shared = amounts.iter().all(|amount| amount.paper == first.paper);
        self.with(hyper, settings, amounts, shared);
    }

    /// The same for a hyperparameter that may be set whatever the amounts are, or must not be.
    pub fn with<T: Amount>(
        &mut self,
        hyper: &Hyper<T>,
        settings: &Settings,
        amounts: &[Scaled<T>],
        settable: bool,
    ) {
        if settable {
            self.keys.push(hyper.key);
        }
        let value =
            |amount: &Scaled<T>| hyper.at(settings, amount).map_or_else(|_| "–".into(), |v| v.to_string());
        self.fact(hyper.says, &distinct(amounts.iter().map(value)));
        if settings.text(hyper.key).is_none() {
            self.cut(hyper.unit, settings.profile, amounts);
        }
    }

    /// Adds a choice among names, which have no order and no bounds.
    pub fn choice(&mut self, key: &'static str, settings: &Settings, names: &[&str], settable: bool) {
        if settable {
            self.keys.push(key);
        }
        let value = |name: &&str| settings.text(key).unwrap_or(name).to_owned();
        self.fact(key, &distinct(names.iter().map(value)));
    }

    /// Adds what a profile cuts of an amount that is no hyperparameter by itself.
    pub fn cut<T: Amount>(&mut self, unit: &str, profile: Profile, amounts: &[Scaled<T>]) {
        let mut pairs: Vec<(&T, &T)> = amounts.iter().map(|a| (&a.paper, a.get(profile))).collect();
        pairs.retain(|(paper, here)| here < paper);
        pairs.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        pairs.dedup();
        let pairs: Vec<String> =
            pairs.iter().map(|(paper, here)| format!("{here} instead of {paper}")).collect();
        if !pairs.is_empty() {
            self.cuts.push(format!("{unit}: {}", pairs.join(", ")));
        }
    }

    /// Adds a row to the page's table that nobody can set.
    pub fn fact(&mut self, name: &str, value: &str) {
        let origin = self.origins.of(name).to_string();
        self.table.push(Hyperparameter { name: name.to_owned(), value: value.to_owned(), origin });
    }

    /// Says which values of a sweep this profile leaves out: `what` are "models" or "networks".
    pub fn left_out(&mut self, what: &str, here: &[&str], paper: &[&str]) {
        let missing: Vec<&str> = paper.iter().copied().filter(|value| !here.contains(value)).collect();
        if !missing.is_empty() {
            let (some, all) = (paper.len() - missing.len(), paper.len());
            self.cuts.push(format!("{some} of {all} {what}; left out: {}", missing.join(", ")));
        }
    }
}

/// The texts that occur, each once, in order.
pub fn distinct(texts: impl Iterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.join(", ")
}
