//! Which points of a plan one process takes: keys, a part of the plan, or whatever is free.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::ValueEnum;
use engine::{Point, scheduler};

use crate::status::Usage;

/// A part of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partition {
    /// Part k of n, from 1.
    Part(usize, usize),
    /// The part that the scheduler's variables say, of so many or of as many as they say.
    Auto(Option<usize>),
}

/// How a plan is cut into parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Balance {
    /// By key: every n-th
    #[default]
    Key,
    /// By estimated seconds: the longest point first, each to the part that has least
    Seconds,
}

impl Partition {
    /// From the command line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected k/n with k from 1 to n, auto or auto/n, found {text:?}");
        let (k, n) = match text.split_once('/') {
            Some((k, n)) => (k, Some(n.parse().ok().filter(|n| *n > 0).ok_or_else(wrong)?)),
            None => (text, None),
        };
        match (k, k.parse(), n) {
            ("auto", _, n) => Ok(Self::Auto(n)),
            (_, Ok(k), Some(n)) if 1 <= k && k <= n => Ok(Self::Part(k, n)),
            _ => Err(wrong()),
        }
    }

    /// Part k of n, from 1.
    ///
    /// # Errors
    /// [`Usage`] if the scheduler's variables do not say.
    fn resolve(self) -> Result<(usize, usize)> {
        match self {
            Self::Part(k, n) => Ok((k, n)),
            Self::Auto(n) => scheduler::part(n, &scheduler::environment)
                .map_err(|why| Usage(format!("--partition auto: {why}")).into()),
        }
    }
}

/// Places of the points that are meant: those with the keys, a part, or else all.
///
/// # Errors
/// [`Usage`] for keys beside a part, a key that no point or several have, and a part that nobody says.
pub fn wanted(
    points: &[Point],
    keys: &[String],
    partition: Option<Partition>,
    balance: Balance,
) -> Result<Vec<usize>> {
    // By key, so that the parts do not depend on what is finished when each of them starts.
    let order: BTreeMap<&str, usize> =
        points.iter().enumerate().map(|(place, point)| (point.key.as_str(), place)).collect();
    match partition {
        Some(_) if !keys.is_empty() => {
            Err(Usage("--partition: expected no keys beside it".to_owned()).into())
        }
        Some(partition) => {
            let (k, n) = partition.resolve()?;
            let order: Vec<usize> = order.into_values().collect();
            Ok(match balance {
                Balance::Key => order.into_iter().skip(k - 1).step_by(n).collect(),
                Balance::Seconds => balanced(points, order, n).swap_remove(k - 1),
            })
        }
        None if keys.is_empty() => Ok((0..points.len()).collect()),
        None => keys.iter().map(|text| place(&order, text)).collect(),
    }
}

/// Cuts points into `n` parts of about the same seconds; of equals the first in order, and the first part.
fn balanced(points: &[Point], mut order: Vec<usize>, n: usize) -> Vec<Vec<usize>> {
    order.sort_by(|&a, &b| points[b].seconds.total_cmp(&points[a].seconds));
    let mut parts = vec![(0.0_f64, Vec::new()); n];
    for place in order {
        let least = (0..n).reduce(|a, b| if parts[b].0 < parts[a].0 { b } else { a }).unwrap_or(0);
        parts[least].0 += points[place].seconds;
        parts[least].1.push(place);
    }
    parts.into_iter().map(|(_, places)| places).collect()
}

/// The place of the one point whose key begins so.
fn place(order: &BTreeMap<&str, usize>, text: &str) -> Result<usize> {
    let mut found = order.range(text..).take_while(|(key, _)| key.starts_with(text)).map(|(_, &place)| place);
    match (found.next(), found.count()) {
        (Some(place), 0) => Ok(place),
        (None, _) => {
            Err(Usage(format!("no point of this plan has a key that begins with {text}; `plan` lists them"))
                .into())
        }
        (Some(_), more) => Err(Usage(format!("{} points have keys that begin with {text}", more + 1)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::Estimate;
    use engine::point::Shape;

    fn points(seconds: &[f64]) -> Vec<Point> {
        let point = |(n, &seconds): (usize, &f64)| {
            let shape = Shape { job: n.into(), data: String::new(), numerics: 1 };
            Point::new("point", vec![], &shape, Estimate { seconds, bytes: 1 })
        };
        seconds.iter().enumerate().map(point).collect()
    }

    #[test]
    fn a_partition_is_read() {
        assert_eq!(Partition::parse("3/8"), Ok(Partition::Part(3, 8)));
        assert_eq!(Partition::parse("auto"), Ok(Partition::Auto(None)));
        assert_eq!(Partition::parse("auto/8"), Ok(Partition::Auto(Some(8))));
        for text in ["", "3", "0/8", "9/8", "auto/0", "auto/", "/8", "3/", "3/8/1"] {
            assert!(Partition::parse(text).is_err(), "{text:?}");
        }
    }

    /// The largest part is at most 4/3 of the best there can be, and the best is at least the mean and the longest.
    #[test]
    fn balanced_parts_hold_every_point_once_and_are_about_as_long() {
        let seconds: Vec<f64> = (0..200).map(|n| 1.0 + f64::from(n * n % 97)).collect();
        let points = points(&seconds);
        for n in [1, 2, 8, 32] {
            let parts: Vec<Vec<usize>> = (1..=n)
                .map(|k| wanted(&points, &[], Some(Partition::Part(k, n)), Balance::Seconds).unwrap())
                .collect();
            let mut all: Vec<usize> = parts.concat();
            all.sort_unstable();
            assert_eq!(all, (0..points.len()).collect::<Vec<_>>());
            let long = parts.iter().map(|part| part.iter().map(|&place| seconds[place]).sum::<f64>());
            let best = (seconds.iter().sum::<f64>() / n as f64).max(97.0);
            assert!(long.fold(0.0, f64::max) <= best * 4.0 / 3.0, "{n} parts");
        }
    }
}
