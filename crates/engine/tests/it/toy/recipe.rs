//! The smallest study: a shared point, one line for each size, a table.

use std::sync::Arc;

use anyhow::Result;
use engine::{
    Columns, Drawn, Facts, Finished, Hyper, Hypers, Question, Scaled, Settings, Study, Task, Tasks,
};

use crate::toy::{Toy, ToyFault};

/// Passes over the samples.
static EPOCHS: Hyper<usize> = Hyper { key: "epochs", says: "epochs", unit: "epochs", range: 1..=1000 };

/// How many there are in each profile.
const AMOUNT: Scaled<usize> = Scaled::new(5, 10, 20);

/// What a line is to the study; the shared point is nothing but needed.
const LINE: &str = "line";

/// Lines of several sizes, all beginning where a shared one ended.
pub struct Lines {
    /// What was asked.
    pub about: &'static Question,
    /// Sizes of the lines.
    pub sizes: &'static [usize],
    /// What goes wrong in the line of the last size.
    pub fault: Option<ToyFault>,
}

impl Lines {
    /// The study under these settings.
    pub fn study(&self, settings: &Settings) -> Study {
        let seeds = self.about.seeds(settings);
        let epochs = EPOCHS.at(settings, &AMOUNT).unwrap();
        let mut hypers = Hypers::default();
        hypers.fact("sizes", &format!("{:?}", self.sizes));
        hypers.add(&EPOCHS, settings, &[AMOUNT]);
        let by_hand = settings.set.iter().map(|(key, value)| format!("set by hand: {key} = {value}"));
        hypers.cuts.splice(0..0, by_hand);
        let notes = if settings.set.is_empty() { vec![] } else { vec!["Set by hand.".to_owned()] };
        Study {
            about: self.about,
            profile: settings.profile,
            tasks: self.tasks(epochs, &seeds),
            facts: Facts { seeds, variant: settings.suffix(), hypers, notes },
            stamp: None,
            draw: Box::new(draw),
        }
    }

    fn tasks(&self, epochs: usize, seeds: &[u64]) -> Vec<Task> {
        let mut tasks = Tasks::default();
        for &seed in seeds {
            let toy = |size, fault| Arc::new(Toy { size, epochs, seed, fault });
            let shared = tasks.add(format!("toy seed={seed}"), toy(1, None), &[]);
            for (i, &size) in self.sizes.iter().enumerate() {
                let fault = self.fault.filter(|_| i + 1 == self.sizes.len());
                let label = format!("toy size={size} seed={seed}");
                let key = tasks.add(label, toy(size, fault), std::slice::from_ref(&shared));
                tasks.name(&key, LINE, Columns::new(&[("model", &size), ("seed", &seed)]));
            }
        }
        tasks.into_vec()
    }
}

fn draw(finished: &Finished<'_>) -> Result<Drawn> {
    let mut drawn = Drawn::default();
    drawn.evidence.rows = finished.all(&[LINE])?.rows;
    let picture: Vec<u8> = (0..64 * 64).map(|i| u8::try_from(i % 251).unwrap_or_default()).collect();
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"80\" height=\"20\"><text y=\"15\">{} rows</text></svg>",
        drawn.evidence.rows.len()
    );
    drawn.files.push(("lines.csv".into(), drawn.evidence.to_csv()));
    drawn.show("lines.svg", svg, "How many rows there are.", "A number of rows.");
    drawn.files.push(("weights/picture.bin".into(), picture));
    Ok(drawn)
}
