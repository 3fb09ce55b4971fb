//! A descent as it is written: one flat record, without what is usual.
//!
//! The texts are hashed into keys of stored results, so the three short forms stay as they are: `sgd`, `adam`, and
//! `annealed` for what [`Descent::annealed`] makes. Every other descent has a text too, and every text but one descent.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Decay, Descent, Rule, Schedule};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Name {
    Sgd,
    RmsProp,
    Adam,
    Annealed,
}

/// All fields that a text may have.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Written {
    rule: Name,
    rate: f32,
    /// Of `sgd`; 0 is not written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    momentum: Option<f32>,
    /// Of `rms-prop`: the share of the old mean square that is kept, and ε.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keep: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    epsilon: Option<f32>,
    /// Of `adam`; the usual ones are not written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    betas: Option<[f32; 2]>,
    /// Of `annealed`: decoupled weight decay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decay: Option<f32>,
    /// Of the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weight_decay: Option<Decay>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schedule: Option<Schedule>,
}

impl Written {
    fn new(rule: Name, rate: f32) -> Self {
        Self {
            rule,
            rate,
            momentum: None,
            keep: None,
            epsilon: None,
            betas: None,
            decay: None,
            weight_decay: None,
            schedule: None,
        }
    }

    /// The name of the first field that is there and that a text of this rule does not have.
    fn misplaced(&self) -> Option<&'static str> {
        let annealed = self.rule == Name::Annealed;
        let fields = [
            ("momentum", self.momentum.is_some(), self.rule == Name::Sgd),
            ("keep", self.keep.is_some(), self.rule == Name::RmsProp),
            ("epsilon", self.epsilon.is_some(), self.rule == Name::RmsProp),
            ("betas", self.betas.is_some(), self.rule == Name::Adam),
            ("decay", self.decay.is_some(), annealed),
            ("weight-decay", self.weight_decay.is_some(), !annealed),
            ("schedule", self.schedule.is_some(), !annealed),
        ];
        fields.into_iter().find(|(_, there, belongs)| *there && !belongs).map(|(name, ..)| name)
    }
}

impl From<Descent> for Written {
    fn from(descent: Descent) -> Self {
        let rate = descent.rate;
        if let Decay::Decoupled(decay) = descent.decay
            && descent == Descent::annealed(rate, decay)
        {
            return Self { decay: Some(decay), ..Self::new(Name::Annealed, rate) };
        }
        let rule = match descent.rule {
            Rule::Sgd { momentum } => {
                Self { momentum: (momentum != 0.0).then_some(momentum), ..Self::new(Name::Sgd, rate) }
            }
            Rule::RmsProp { decay, epsilon } => {
                Self { keep: Some(decay), epsilon: Some(epsilon), ..Self::new(Name::RmsProp, rate) }
            }
            Rule::ADAM => Self::new(Name::Adam, rate),
            Rule::Adam { beta1, beta2 } => {
                Self { betas: Some([beta1, beta2]), ..Self::new(Name::Adam, rate) }
            }
        };
        let weight_decay = (descent.decay != Decay::None).then_some(descent.decay);
        let schedule = (descent.schedule != Schedule::Constant).then_some(descent.schedule);
        Self { weight_decay, schedule, ..rule }
    }
}

impl Written {
    /// The descent that the text stands for, or what is wrong with it.
    fn descent(self) -> Result<Descent, String> {
        let text = self;
        if let Some(field) = text.misplaced() {
            return Err(format!("{field} does not belong to the rule {:?}", text.rule));
        }
        let missing = |field: &str| format!("the rule {:?} needs {field}", text.rule);
        let rule = match text.rule {
            Name::Sgd => Rule::Sgd { momentum: text.momentum.unwrap_or(0.0) },
            Name::RmsProp => Rule::RmsProp {
                decay: text.keep.ok_or_else(|| missing("keep"))?,
                epsilon: text.epsilon.ok_or_else(|| missing("epsilon"))?,
            },
            Name::Adam => match text.betas {
                None => Rule::ADAM,
                Some([beta1, beta2]) => Rule::Adam { beta1, beta2 },
            },
            Name::Annealed => {
                return Ok(Descent::annealed(text.rate, text.decay.ok_or_else(|| missing("decay"))?));
            }
        };
        let (decay, schedule) = (text.weight_decay.unwrap_or_default(), text.schedule.unwrap_or_default());
        Ok(Descent { rule, rate: text.rate, decay, schedule })
    }
}

impl Serialize for Descent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written::from(*self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Descent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Written::deserialize(deserializer)?.descent().map_err(D::Error::custom)
    }
}
