//! The recipe of colour transfer: two pictures, exact and entropic plans, both ways, and a range of regularisations.

use anyhow::{Result, ensure};
use engine::rows::READING;
use engine::{Hyper, Hypers, Key, Origin, Origins, Scaled, Settings};

use super::draw;
use super::job::{Direction, Pictures, Transfer};
use super::names::{A_TO_B, A_TO_POSTERISED, B_TO_A, EXACT, LEVELS, PICTURED, POSTERISED, TRANSFERS};
use super::recolour::MOST_SAMPLES;
use crate::recipe::{Drawing, Planning, Recipe};

/// Colours of one picture moved to the palette of another.
#[derive(Debug)]
pub struct ColourTransfer {
    /// Rows of the painted pictures.
    pub height: Scaled<usize>,
    /// Pixels drawn from each picture.
    pub samples: Scaled<usize>,
    /// Weight ε of the entropy of the result that is shown.
    pub epsilon: f64,
    /// The range of ε that results are held against the exact one at, falling.
    pub epsilons: Scaled<&'static [f64]>,
}

const SAMPLES: Hyper<usize> = Hyper {
    key: "samples",
    says: "pixels drawn from each",
    unit: "pixels drawn from each picture",
    range: 1..=MOST_SAMPLES,
};
const EPSILON: Hyper<f64> = Hyper { key: "epsilon", says: "ε shown", unit: "ε", range: 1e-5..=1e3 };
const HEIGHT: Hyper<usize> = Hyper {
    key: "height",
    says: "rows of the painted pictures",
    unit: "rows of the painted pictures",
    range: 2..=4000,
};

impl ColourTransfer {
    /// The range, with the ε that is shown, falling.
    fn epsilons(&self, settings: &Settings) -> Result<Vec<f64>> {
        let mut all = self.epsilons.at(settings.profile).to_vec();
        all.push(EPSILON.of(settings, self.epsilon)?);
        all.sort_by(|a, b| b.total_cmp(a));
        all.dedup();
        Ok(all)
    }
}

impl ColourTransfer {
    /// A in the colours of a posterised B, exactly and with the ε that is shown: a direction of its own for what is said of it, and
    /// the other reading of everything else.
    fn posterised(&self, height: usize, pixels: usize, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        let (shown, samples) = (EPSILON.of(settings, self.epsilon)?, SAMPLES.at(settings, &self.samples)?);
        let pictures = Pictures::Painted { height, levels: Some(LEVELS) };
        let pictures = planning.add("two pictures, the second posterised", pictures, &[])?;
        for &seed in planning.seeds {
            let way = Way { direction: Direction::AToB, samples, seed, pixels, reading: POSTERISED };
            let exact = way.plan(None, true, std::slice::from_ref(&pictures), planning)?;
            way.plan(Some(shown), false, &[pictures.clone(), exact], planning)?;
        }
        Ok(())
    }
}

/// Where the values come from.
const ORIGINS: Origins = Origins(&[
    ("pixels drawn from each", Origin::Course("the course’s notebook")),
    ("ε shown", Origin::Course("the course’s notebook")),
    ("cost", Origin::Course("the library that the course’s notebook calls")),
    ("rows of the painted pictures", Origin::Chosen("the report’s pictures are not published")),
    ("other readings", Origin::Chosen("the report says that its second picture was posterised, not how")),
    ("other pixels", Origin::Course("the library’s way; the report says a simple regression")),
]);

impl Recipe for ColourTransfer {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        hypers.add(&SAMPLES, settings, &[self.samples]);
        hypers.add(&EPSILON, settings, &[Scaled::same(self.epsilon)]);
        hypers.add(&HEIGHT, settings, &[self.height]);
        hypers.fact("cost", "squared distance of red, green and blue, each from 0 to 1");
        let epsilons = self.epsilons(settings).unwrap_or_default();
        let epsilons: Vec<String> = epsilons.iter().map(f64::to_string).collect();
        hypers.fact("range of ε", &epsilons.join(", "));
        hypers.fact("other pixels", "move as their nearest sampled colour does");
        if settings.most_read() > 0 {
            hypers.fact("other readings", POSTERISED);
        }
        let (n, all) = (self.epsilons.at(settings.profile).len(), self.epsilons.paper.len());
        if n < all {
            hypers.cuts.push(format!("{n} of {all} regularisations"));
        }
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        let height = HEIGHT.at(settings, &self.height)?;
        let pictures = match planning.data.pictures() {
            Some(brought) => {
                let own = settings.text(HEIGHT.key).is_none();
                ensure!(own, "height: pictures that are brought keep their own");
                let [a, b] = &brought.pair;
                planning.notes.push(format!("The pictures are the user's. A has {a}; B has {b}."));
                Pictures::Brought
            }
            None => {
                planning.notes.push("Both pictures are painted by the program.".into());
                Pictures::Painted { height, levels: None }
            }
        };
        let pixels = pictures.pixels(planning.data);
        let painted = match pictures {
            Pictures::Painted { height, .. } => Some(height),
            Pictures::Brought => None,
        };
        let pictures = planning.add("two pictures", pictures, &[])?;
        planning.name(&pictures, PICTURED, &[]);
        let shown = EPSILON.of(settings, self.epsilon)?;
        for &seed in planning.seeds {
            for direction in [Direction::AToB, Direction::BToA] {
                let samples = SAMPLES.at(settings, &self.samples)?;
                let way = Way { direction, samples, seed, pixels, reading: "" };
                let needs = std::slice::from_ref(&pictures);
                let exact = way.plan(None, true, needs, planning)?;
                for epsilon in self.epsilons(settings)? {
                    if epsilon == shown || direction == Direction::AToB {
                        let needs = [pictures.clone(), exact.clone()];
                        way.plan(Some(epsilon), epsilon == shown, &needs, planning)?;
                    }
                }
            }
        }
        match painted {
            Some(height) if settings.most_read() > 0 => self.posterised(height, pixels, planning),
            _ => Ok(()),
        }
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        draw::draw(drawing)
    }

    fn takes_pictures(&self) -> bool {
        true
    }
}

/// Transfers in one direction, for one seed.
struct Way {
    direction: Direction,
    samples: usize,
    seed: u64,
    /// Of the larger picture.
    pixels: usize,
    /// Empty for the protocol's own.
    reading: &'static str,
}

impl Way {
    /// Adds one transfer; gives its key.
    fn plan(
        &self,
        epsilon: Option<f64>,
        keep: bool,
        needs: &[Key],
        planning: &mut Planning<'_>,
    ) -> Result<Key> {
        let Self { direction, samples, seed, pixels, reading } = *self;
        let (name, way) = match direction {
            Direction::AToB => (A_TO_B, "A in B's colours"),
            Direction::BToA => (B_TO_A, "B in A's colours"),
        };
        let how = epsilon.map_or_else(|| EXACT.to_owned(), |epsilon| format!("ε = {epsilon}"));
        let said = if reading.is_empty() { String::new() } else { format!(", {reading}") };
        let label = format!("{way}, {how}, {samples} samples{said}, seed {seed}");
        let job = Transfer { direction, epsilon, samples, seed, keep, pixels };
        let key = planning.add(label, job, needs)?;
        let method = epsilon.map_or_else(|| EXACT.to_owned(), |epsilon| epsilon.to_string());
        planning.name(
            &key,
            TRANSFERS,
            &[("direction", &name), ("method", &method), ("seed", &seed), (READING, &reading)],
        );
        if !reading.is_empty() {
            let columns: [(&str, &dyn std::fmt::Display); 3] =
                [("direction", &A_TO_POSTERISED), ("method", &method), ("seed", &seed)];
            planning.name(&key, TRANSFERS, &columns);
        }
        Ok(key)
    }
}
