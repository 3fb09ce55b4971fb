//! How a reader is led through a run: what it is about, a chapter for each report, and the questions that people come with.

use anyhow::{Context, Result};
use disk::{Folder, Name};
use report::{Answered, Chapter, Exercise, Section, Snippet, Tried};

use crate::evidence::Evidence;
use crate::rows::Rows;
use crate::section::is_of;
use crate::store::read_if_file;
use crate::study::Question;
pub use crate::vocabulary::Vocabulary;
use crate::vocabulary::explain;

/// The rows that all claims of a section look at.
const EVIDENCE: &str = "metrics.csv";

/// The words of a page that are not those of one experiment.
#[derive(Clone, Copy, Debug)]
pub struct Guide {
    /// What was done, from whom, in a sentence or two.
    pub about: &'static str,
    /// The chapters, in order. What belongs to none stands in a last one.
    pub chapters: &'static [Outline],
    /// The questions that people come with.
    pub answers: &'static [Answer],
    /// What a class may do with the run.
    pub exercises: &'static [Task],
    /// The lines of code that do in small what an experiment does; none where there are none.
    pub code: fn(&Question) -> Option<Snippet>,
    /// What readers are told instead of the names of columns.
    pub words: Vocabulary,
    /// A page on which readers try something for themselves, where somebody has put it beside the others.
    pub tried: Option<Trial>,
}

/// A page that another verb writes beside the pages of a run.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// Its heading.
    pub title: &'static str,
    /// What one can do there, in a sentence or two.
    pub about: &'static str,
    /// The name of its file.
    pub file: &'static str,
    /// The command that makes it.
    pub command: &'static str,
}

/// One chapter: the experiments of a report.
#[derive(Clone, Copy, Debug)]
pub struct Outline {
    /// The name of its page without the ending.
    pub slug: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What the report is about, in a sentence.
    pub about: &'static str,
    /// The claim that it is about most: `id:protocol`, and what the claim says.
    pub headline: Option<(&'static str, &'static str)>,
    /// Whether an experiment belongs here.
    pub holds: fn(&Question) -> bool,
}

/// A question that one experiment's rows answer.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// "Does pretraining help?"
    pub asks: &'static str,
    /// The experiment, `id:protocol`.
    pub name: &'static str,
    /// Its figure that shows it.
    pub figure: &'static str,
    /// The answer in a sentence, from the rows; none where they do not have it.
    pub says: fn(&Evidence) -> Option<String>,
}

/// An exercise of a class.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// Its heading.
    pub title: &'static str,
    /// What to do, in a sentence or two.
    pub task: &'static str,
    /// The number of the lesson with a planted bug that belongs to it, and what its programs do.
    pub lesson: Option<(usize, &'static str)>,
    /// The question that the rows answer.
    pub answer: Answer,
}

/// The chapter of what belongs to none.
const OTHERS: (&str, &str) = ("experiments", "Experiments");

impl Guide {
    /// One chapter, no words.
    pub const PLAIN: Guide = Guide {
        about: "",
        chapters: &[],
        answers: &[],
        exercises: &[],
        code: |_| None,
        words: &[],
        tried: None,
    };

    /// The sections in chapters; those without any are left out.
    pub(crate) fn chapters(&self, catalogue: &[&'static Question], sections: Vec<Section>) -> Vec<Chapter> {
        let mut chapters: Vec<Chapter> = self.chapters.iter().map(Outline::empty).collect();
        let (slug, title) = OTHERS;
        chapters.push(Chapter { slug: slug.to_owned(), title: title.to_owned(), ..Chapter::default() });
        let others = chapters.len() - 1;
        for mut section in sections {
            section.claims.iter_mut().for_each(|claim| explain(&mut claim.finding, self.words));
            let asked = |question: &&&'static Question| {
                question.id == section.id && is_of(&section.protocol, question.protocol)
            };
            let question = catalogue.iter().find(asked);
            let place =
                question.and_then(|own| self.chapters.iter().position(|chapter| (chapter.holds)(own)));
            let chapter = &mut chapters[place.unwrap_or(others)];
            if let Some(snippet) = question.and_then(|own| (self.code)(own)) {
                chapter.snippets.insert(format!("{}:{}", section.id, section.protocol), snippet);
            }
            chapter.sections.push(section);
        }
        chapters.retain(|chapter| !chapter.sections.is_empty());
        chapters
    }

    /// The answers of what is drawn in a folder.
    ///
    /// # Errors
    /// If rows cannot be read.
    pub(crate) fn answers(&self, root: &Folder) -> Result<Vec<Answered>> {
        let answered = self.answers.iter().map(|answer| answer.of(root));
        answered.filter_map(Result::transpose).collect()
    }

    /// The exercises of what is drawn in a folder.
    ///
    /// # Errors
    /// If rows cannot be read.
    pub(crate) fn exercises(&self, root: &Folder) -> Result<Vec<Exercise>> {
        let exercise = |task: &Task| {
            let answered = task.answer.of(root)?;
            let lesson = task.lesson.map(|(number, about)| (number, about.to_owned()));
            let (title, task) = (task.title.to_owned(), task.task.to_owned());
            Ok(answered.map(|answered| Exercise { title, task, lesson, answered }))
        };
        self.exercises.iter().map(exercise).filter_map(Result::transpose).collect()
    }
}

impl Trial {
    /// The page as it is linked from those of what is drawn in a folder.
    ///
    /// # Errors
    /// If it cannot be told whether it is there.
    pub(crate) fn of(&self, root: &Folder) -> Result<Tried> {
        let is_there = root.has(&Name::new(self.file)?)?;
        let [title, about, file, command] =
            [self.title, self.about, self.file, self.command].map(str::to_owned);
        Ok(Tried { title, about, file, is_there, command })
    }
}

impl Answer {
    /// The question with the answer of what is drawn in a folder; none where its experiment is not, or its rows do not have it.
    fn of(&self, root: &Folder) -> Result<Option<Answered>> {
        let Some((id, protocol)) = self.name.split_once(':') else { return Ok(None) };
        let folder = root.folder(&Name::new(id)?).folder(&Name::new(protocol)?);
        if !folder.exists()? {
            return Ok(None);
        }
        let Some(bytes) = read_if_file(&folder, &Name::new(EVIDENCE)?)? else { return Ok(None) };
        let rows =
            Rows::from_csv(&bytes).with_context(|| format!("{}: {EVIDENCE}", folder.path().display()))?;
        let Some(says) = (self.says)(&Evidence(rows)) else { return Ok(None) };
        Ok(Some(Answered {
            asks: self.asks.to_owned(),
            answer: says,
            section: (id.to_owned(), protocol.to_owned()),
            figure: self.figure.to_owned(),
        }))
    }
}

impl Outline {
    fn empty(&self) -> Chapter {
        Chapter {
            slug: self.slug.to_owned(),
            title: self.title.to_owned(),
            about: self.about.to_owned(),
            headline: self.headline.map(|(name, says)| (name.to_owned(), says.to_owned())),
            ..Chapter::default()
        }
    }
}
