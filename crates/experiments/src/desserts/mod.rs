//! The recipe of desserts for guests: plans as tables, and how satisfied each guest is.

use anyhow::{Result, ensure};
use report::{Axis, Chart, Column, HeatFigure, HeatInk, HeatMap, Mark, Series, Table};

use crate::claim::number;
use crate::draw::Finished;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::jobs::desserts::{DESSERTS, EXACT, GUESTS, LIKES, PORTIONS};
use crate::jobs::{self, Job};
use crate::point::{Estimate, Point};
use crate::rows::{Evidence, pick};

/// The exact plan beside entropic ones.
#[derive(Debug)]
pub struct Desserts {
    /// 1/ε of the entropic plans.
    pub lambdas: &'static [f64],
    /// The marginal error, as a share of all portions, at which they have converged.
    pub tolerance: f64,
}

impl Desserts {
    pub(super) const KEYS: &'static [&'static str] = &["lambda", "tolerance"];

    fn lambdas(&self, settings: &Settings) -> Result<Vec<f64>> {
        let one = settings.get("lambda", f64::NAN)?;
        let asked = settings.set.iter().any(|(key, _)| key == "lambda");
        ensure!(!asked || (one.is_finite() && one > 0.0), "lambda: expected a positive number, found {one}");
        Ok(if asked { vec![one] } else { self.lambdas.to_vec() })
    }

    fn point(&self, settings: &Settings) -> Result<Point> {
        let tolerance = settings.get("tolerance", self.tolerance)?;
        ensure!(
            tolerance.is_finite() && tolerance > 0.0,
            "tolerance: expected a positive number, found {tolerance}"
        );
        let job = jobs::Desserts { lambdas: self.lambdas(settings)?, tolerance };
        let estimate = Estimate { seconds: 0.05, bytes: 16 << 20 };
        Ok(Point::new("desserts for eight guests", Job::Desserts(job), &[], estimate, ""))
    }

    pub(super) fn plan(&self, settings: &Settings) -> Result<Vec<Point>> {
        Ok(vec![self.point(settings)?])
    }

    pub(super) fn draw(&self, _: &Experiment, settings: &Settings, finished: &Finished<'_>) -> Result<Drawn> {
        let evidence = Evidence(finished.rows(&self.point(settings)?.key)?);
        let lambdas: Vec<String> = self.lambdas(settings)?.iter().map(f64::to_string).collect();
        let mut drawn = Drawn::default();
        drawn.files.push(("metrics.csv".into(), evidence.to_csv()));
        plans(&evidence, &lambdas, &mut drawn);
        satisfaction(&evidence, &lambdas, &mut drawn);
        drawn.tables.push(table(&evidence, &lambdas));
        let of =
            |metric: &str, plan: &str| evidence.mean(pick(metric, &[("plan", plan)])).unwrap_or(f64::NAN);
        drawn.notes.push(format!(
            "There is enough of what is liked: of {} portions, the cheapest plan gives {} to guests who dislike them and {} to \
             guests who neither like nor dislike them.",
            GUESTS.iter().sum::<f64>(),
            number(of("portions_disliked", EXACT)),
            number(of("portions_indifferent", EXACT))
        ));
        drawn.notes.push(
            "The report's λ is the inverse of the regularisation that most libraries take: exp(−λ·C), with the negated \
             preference as cost."
                .into(),
        );
        drawn.evidence = evidence;
        Ok(drawn)
    }

    pub(super) fn hyperparameters(&self, settings: &Settings) -> Vec<(String, String)> {
        let lambdas = self.lambdas(settings).unwrap_or_default();
        let lambdas: Vec<String> = lambdas.iter().map(f64::to_string).collect();
        vec![
            ("guests, desserts, portions".into(), "8, 5, 20".into()),
            ("cost of a portion".into(), "the guest's negated preference".into()),
            ("λ = 1/ε".into(), lambdas.join(", ")),
            (
                "tolerance of marginals".into(),
                format!("{:e}", settings.get("tolerance", self.tolerance).unwrap_or_default()),
            ),
        ]
    }
}

/// The title of a plan.
fn called(plan: &str) -> String {
    if plan == EXACT { "exact".to_owned() } else { format!("λ = {plan}") }
}

/// A plan's portions, guests × desserts.
fn portions(evidence: &Evidence, plan: &str) -> Vec<f64> {
    let own = |guest: usize, dessert: &str| {
        let guest = guest.to_string();
        let at = [("plan", plan), ("guest", guest.as_str()), ("dessert", dessert)];
        evidence.mean(pick("portions", &at)).unwrap_or(f64::NAN)
    };
    (1..=GUESTS.len()).flat_map(|guest| DESSERTS.map(|dessert| own(guest, dessert))).collect()
}

fn plans(evidence: &Evidence, lambdas: &[String], drawn: &mut Drawn) {
    let cost = |plan: &str| evidence.mean(pick("cost", &[("plan", plan)])).unwrap_or(f64::NAN);
    let map = |title: String, values: Vec<f64>, decimals: usize, caption: String| HeatMap {
        title,
        values,
        ink: HeatInk::Amount,
        decimals,
        caption,
    };
    let mut maps = vec![
        HeatMap {
            ink: HeatInk::Signed,
            ..map("preferences".into(), LIKES.as_flattened().to_vec(), 1, "from −2 to 2".into())
        },
        map(
            "exact plan".into(),
            portions(evidence, EXACT),
            0,
            format!("cost {}", report::text::number(cost(EXACT), 6)),
        ),
    ];
    for lambda in lambdas {
        let caption = format!("cost {}", report::text::number(cost(lambda), 6));
        maps.push(map(called(lambda), portions(evidence, lambda), 2, caption));
    }
    let total: f64 = GUESTS.iter().sum();
    let nobody = GUESTS.iter().flat_map(|guest| PORTIONS.map(|portion| guest * portion / total)).collect();
    maps.push(map(
        "λ → 0: nobody is asked".into(),
        nobody,
        2,
        "guest's portions × dessert's portions / 20".into(),
    ));
    let figure = HeatFigure {
        title: "Portions of each dessert for each guest".into(),
        rows: GUESTS.iter().enumerate().map(|(i, n)| format!("guest {} ({n})", i + 1)).collect(),
        columns: DESSERTS.iter().zip(PORTIONS).map(|(name, n)| format!("{name} ({n})")).collect(),
        maps,
        per_line: 2,
        note: "In brackets: how many portions the guest gets, and how many there are of the dessert.".into(),
        stamp: None,
    };
    drawn.show(
        "plans.svg",
        report::heat(&figure),
        "Preferences, the exact plan, entropic plans from sharp to blurred, and the plan that ignores preferences.",
        "Heat maps of guests by desserts: the exact plan has whole portions; the smaller λ, the more even the plan.",
    );
}

fn satisfaction(evidence: &Evidence, lambdas: &[String], drawn: &mut Drawn) {
    let names: Vec<String> = (1..=GUESTS.len()).map(|guest| format!("guest {guest}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut chart = Chart::new(
        "How satisfied each guest is",
        Axis::categories("", &names),
        Axis::linear("mean preference of the guest's portions"),
    );
    chart.size = (680.0, 260.0);
    for plan in std::iter::once(EXACT).chain(lambdas.iter().map(String::as_str)) {
        let points = (1..=GUESTS.len()).filter_map(|guest| {
            let value =
                evidence.mean(pick("satisfaction", &[("plan", plan), ("guest", &guest.to_string())]))?;
            Some(report::Point::new((guest - 1) as f64, value))
        });
        chart.series.push(Series { name: called(plan), points: points.collect(), mark: Mark::Bars });
    }
    drawn.show(
        "satisfaction.svg",
        report::chart(&chart),
        "The smaller λ, the less a plan heeds who likes what.",
        "Bars of satisfaction by guest for each plan; they shrink as λ does.",
    );
}

fn table(evidence: &Evidence, lambdas: &[String]) -> Table {
    let columns = vec![
        Column::text("plan"),
        Column::number("cost", ""),
        Column::number("disliked", "portions"),
        Column::number("neither", "portions"),
        Column::number("distance from nobody asked", "%"),
        Column::number("marginal error", ""),
        Column::number("iterations", ""),
    ];
    let row = |plan: &str| {
        let own = |metric: &str| evidence.mean(pick(metric, &[("plan", plan)]));
        let say = |value: Option<f64>, decimals: usize| {
            value.map_or_else(|| "–".to_owned(), |value| report::text::number(value, decimals))
        };
        vec![
            called(plan),
            say(own("cost"), 6),
            say(own("portions_disliked"), 4),
            say(own("portions_indifferent"), 4),
            say(own("distance_to_product").map(|share| 100.0 * share), 1),
            own("marginal_error").map_or_else(|| "–".to_owned(), number),
            say(own("iterations"), 0),
        ]
    };
    let rows = std::iter::once(EXACT).chain(lambdas.iter().map(String::as_str)).map(row).collect();
    let caption = "The plans in numbers; the distance is ½ Σ|P − ab/20| / 20".into();
    Table { caption, columns, rows }
}
