//! Plans as tables of shades, and how satisfied each guest is.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Grid, Metric, Place, Steps};
use engine::rows::READING;
use engine::{Drawn, Evidence, pick};
use report::{HeatFigure, HeatInk, HeatMap, Mark, number};

use super::job::{DESSERTS, Desserts, EXACT, GUESTS, LIKES, PORTIONS};
use crate::inks::CURVE;
use crate::recipe::Drawing;

/// The role of the one point.
pub(super) const PLANS: &str = "plans";

pub(super) fn draw(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    drawing.evidence.0 = finished.all(&[PLANS])?;
    drawing.metrics();
    let mut lambdas = Vec::new();
    for task in finished.tasks(&[PLANS]).filter(|task| task.columns.get(READING).is_empty()) {
        lambdas.extend(task.job::<Desserts>()?.lambdas.iter().map(f64::to_string));
    }
    let evidence = drawing.evidence.clone();
    plans(&evidence, &lambdas, &mut drawing.drawn);
    // Bars of the protocol's plans alone: those of another reading would double the exact ones.
    let all = std::mem::replace(&mut drawing.evidence, evidence.of_protocol());
    satisfaction(drawing);
    drawing.evidence = all;
    table(drawing);
    let of = |metric: &str| evidence.mean(pick(metric, &[("plan", EXACT)])).unwrap_or(f64::NAN);
    drawing.notes.push(format!(
        "There is enough of what is liked: of {} portions, the cheapest plan gives {} to guests who dislike them and {} to \
         guests who neither like nor dislike them.",
        GUESTS.iter().sum::<f64>(),
        number(of("portions_disliked")),
        number(of("portions_indifferent"))
    ));
    drawing.notes.push(
        "The report's λ is the inverse of the regularisation that most libraries take: exp(−λ·C), with the negated \
         preference as cost."
            .into(),
    );
    Ok(())
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

fn satisfaction(drawing: &mut Drawing<'_>) {
    let curve = Curve {
        file: "satisfaction.svg",
        title: "How satisfied each guest is",
        x: Axis { label: "guest", steps: Steps::Names },
        y: Axis { label: "mean preference of the guest's portions", steps: Steps::Linear },
        along: "guest",
        split: "plan",
        metrics: &[Metric::new("satisfaction", "satisfaction", Better::Higher)],
        mark: Mark::Bars,
        caption: "One group of bars a guest: the exact plan, and entropic plans by their λ. The smaller λ, the less a plan \
                  heeds who likes what.",
        alt: "Bars of satisfaction by guest for each plan; they shrink as λ does.",
        ..CURVE
    };
    curve.draw(None, &mut drawing.drawn);
}

fn table(drawing: &mut Drawing<'_>) {
    let label = |place: &Place| called(place.first().map_or("", |(_, plan)| plan));
    let grid = Grid {
        caption: "The plans in numbers; the distance is ½ Σ|P − ab/20| / 20",
        by: &["plan"],
        heads: &["plan"],
        metrics: &[
            Metric::new("cost", "cost", Better::Lower).decimals(6),
            Metric::new("portions_disliked", "disliked", Better::Lower).unit("portions").decimals(4),
            Metric::new("portions_indifferent", "neither", Better::Neither).unit("portions").decimals(4),
            Metric::percent(
                "distance_to_product",
                "distance from the plan of independent shares",
                Better::Neither,
            )
            .decimals(1),
            Metric::new("marginal_error", "marginal error", Better::Lower),
            Metric::new("iterations", "iterations", Better::Lower).decimals(0),
        ],
        label: Some(&label),
        reported: None,
    };
    drawing.grid(&grid);
}
