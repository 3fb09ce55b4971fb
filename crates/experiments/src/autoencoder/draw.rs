//! From finished tasks to curves of costs and errors, filters, activations, reconstructions, and tables.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Grid, Metric, Place, Steps};
use engine::rows::READING;
use engine::{Evidence, Finished, Rows, Task};
use report::Mark;

use super::accuracy::summary;
use super::network::{NETWORKS, Size, TWINS, begins_fresh};
use super::pictures::{self, EXPLAINED};
use super::stack::{LAYERS, Layers};
use crate::data::Digits;
use crate::dbm::detail;
use crate::inks::CURVE;
use crate::networks::{self, NETWORK, with_errors};
use crate::recipe::{Drawing, slug};

const NATS: &str = "nats";
const COST: Metric = Metric::new("loss", "cost", Better::Lower).unit(NATS).decimals(1);
const ERROR: Metric = Metric::percent("error_test", "test error", Better::Lower);
const ENTROPY: Metric = Metric::new("cross_entropy_test", "cross-entropy", Better::Lower).unit(NATS);
const ACTIVE: Metric = Metric::percent("active", "activations above 0.5", Better::Neither).decimals(1);
const DETAIL: Metric =
    Metric::new("filter_detail", "total variation of filters", Better::Neither).decimals(2);

/// What stands in the table of layers.
const OF_LAYERS: &[Metric] = &[
    COST,
    Metric::new("reconstruction", "of reconstruction", Better::Lower).unit(NATS).decimals(1),
    Metric::new("penalty", "of sparsity", Better::Lower).unit(NATS).decimals(1),
    Metric::new("cost_test", "test images, clean", Better::Lower).unit(NATS).decimals(1),
    EXPLAINED,
    Metric::new("activation", "mean activation", Better::Neither).decimals(3),
    ACTIVE,
    DETAIL,
];
/// What stands in the table of networks.
const OF_NETWORKS: &[Metric] = &[
    Metric::percent("accuracy_last", "last epoch", Better::Higher),
    Metric::percent("accuracy_chosen", "chosen epoch", Better::Higher),
    Metric::new("epoch_chosen", "at epoch", Better::Neither).decimals(0),
    Metric::percent("accuracy_best", "best epoch", Better::Higher),
    Metric::percent("accuracy_first", "first epoch", Better::Higher),
    Metric::new("epoch_settled", "settled at epoch", Better::Neither).decimals(0),
    DETAIL,
];

/// What an experiment shows.
pub(super) struct Shown {
    /// Stacks whose layers are shown.
    pub stacks: &'static [Layers],
    /// Classifiers, by how many images they see.
    pub sizes: &'static [Size],
    /// The report's own costs, by model.
    pub reported: &'static [(&'static str, f64)],
}

pub(super) fn draw(shown: &Shown, drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    drawing.evidence.0 = finished.all(&[LAYERS])?;
    let layers = drawing.evidence.0.clone();
    let mut epochs = Rows::default();
    for task in finished.tasks(&[NETWORKS]) {
        let mut rows = finished.rows(task)?;
        measured(finished, task, &rows, &mut drawing.evidence)?;
        with_errors(&mut rows);
        epochs.rows.extend(rows.rows);
    }
    drawing.metrics();
    if !layers.rows.is_empty() {
        costs(shown, &layers, drawing);
        pictures::draw(shown.stacks, drawing)?;
        table_of_layers(shown, drawing);
    }
    if !epochs.rows.is_empty() {
        drawing.files.push(("epochs.csv".into(), epochs.to_csv()));
        errors(shown, &epochs, drawing);
        pictures::first_layers(drawing)?;
        table_of_networks(drawing);
    }
    weights(drawing)
}

/// What is said of a network as a whole: its accuracies, and how much its filters vary where it sees all pixels at once.
fn measured(finished: &Finished<'_>, task: &Task, rows: &Rows, evidence: &mut Evidence) -> Result<()> {
    let twin = finished.tasks(&[TWINS]).find(|twin| twin.columns == task.columns);
    let held_out = twin.map(|twin| finished.rows(twin)).transpose()?;
    let mut own = Rows::default();
    for (metric, value) in summary(rows, held_out.as_ref().unwrap_or(rows))? {
        own.push(metric, value, &[]);
    }
    if let Some(filters) = pictures::of_network(finished, task)? {
        let size = Digits::SIZE;
        let details: Vec<f64> = filters.chunks_exact(size.0 * size.1).map(|own| detail(own, size)).collect();
        own.push(DETAIL.name, details.iter().sum::<f64>() / details.len() as f64, &[]);
    }
    evidence.extend_with(&own, &task.columns);
    Ok(())
}

const EPOCHS: Axis<'_> = Axis { label: "epochs", steps: Steps::Linear };

/// Costs of the protocol, and apart from them those of other readings, which lie elsewhere; activity where it is penalised.
fn costs(shown: &Shown, rows: &Rows, drawing: &mut Drawing<'_>) {
    let (mut protocol, mut others) = (rows.clone(), rows.clone());
    protocol.rows.retain(|row| row.column(READING).is_none());
    others.rows.retain(|row| row.column(READING).is_some());
    let curve = Curve {
        file: "costs.svg",
        title: "The cost of training",
        x: EPOCHS,
        y: Axis { label: "nats an image", steps: Steps::Log },
        along: "epoch",
        split: "model",
        metrics: &[COST],
        mark: Mark::Line,
        caption: "Cross-entropy of training images and what the layer makes of them, the penalty of sparsity included, mean over \
                  each epoch.",
        alt: "Costs against epochs, a line for each layer.",
        ..CURVE
    };
    drawing.along_epochs(&curve, &protocol);
    let curve = Curve {
        file: "costs-readings.svg",
        title: "The cost of training under other readings",
        caption: "The same for other readings of what the report leaves open. On its own code a layer’s cost is that of the code \
                  below, of as many numbers as there are units there.",
        ..curve
    };
    drawing.along_epochs(&curve, &others);
    if shown.stacks.iter().any(|stack| stack.sparsity.is_some()) {
        let curve = Curve {
            file: "active.svg",
            title: "Activations above 0.5",
            y: Axis { label: "% of units and images", steps: Steps::Log },
            metrics: &[ACTIVE],
            caption: "The share of activations of all units on 1000 test images that are above 0.5, after each epoch.",
            alt: "Shares of active units against epochs, a line for each layer.",
            ..curve
        };
        drawing.along_epochs(&curve, &protocol);
    }
}

/// Errors and cross-entropies against epochs, for each number of images.
fn errors(shown: &Shown, rows: &Rows, drawing: &mut Drawing<'_>) {
    for size in shown.sizes {
        let images = size.images.to_string();
        let mut own = Evidence(rows.clone()).only(&[("images", &images)]);
        // Under another reading only those networks are others that begin at random.
        let fresh =
            |name: Option<&str>| size.networks.iter().any(|own| Some(own.name) == name && begins_fresh(own));
        own.rows.retain(|row| row.column(READING).is_none() || fresh(row.column("network")));
        for (what, metric) in [("Test error", ERROR), ("Cross-entropy of test images", ENTROPY)] {
            let unit = if metric == ERROR { "%" } else { "nats an image" };
            let curve = Curve {
                file: &format!("{}-{images}.svg", if metric == ERROR { "error" } else { "cross-entropy" }),
                title: &format!("{what}, {images} training images"),
                x: EPOCHS,
                y: Axis { label: unit, steps: Steps::Log },
                along: "epoch",
                split: "network",
                metrics: &[metric],
                mark: Mark::Line,
                caption: &format!(
                    "{what} after each epoch, on {} test images, of networks that learn from {images} images.",
                    size.tested
                ),
                alt: &format!("{what} against epochs, a line for each network."),
                ..CURVE
            };
            drawing.along_epochs(&curve, &own.0);
        }
    }
}

/// The layers, beside the report's costs.
fn table_of_layers(shown: &Shown, drawing: &mut Drawing<'_>) {
    let cost = |place: &Place| {
        let model = place.first().map(|(_, model)| model.as_str());
        shown.reported.iter().find(|(own, _)| Some(*own) == model).map(|(_, cost)| *cost)
    };
    drawing.grid(&Grid {
        caption: "Layers after their last epoch",
        by: &["model"],
        heads: &["layer"],
        metrics: OF_LAYERS,
        label: None,
        reported: Some(&cost),
    });
}

/// The networks, by how many images they see.
fn table_of_networks(drawing: &mut Drawing<'_>) {
    drawing.grid(&Grid {
        caption: "Accuracy on test images after the last epoch, after the one that held-out training images choose, and after the \
                  best and the first one on the test images; the first epoch within half a point of the last; total variation of \
                  the first layer’s filters",
        by: &["images", "network"],
        heads: &["training images", "network"],
        metrics: OF_NETWORKS,
        label: None,
        reported: None,
    });
}

/// The whole stacks, and the networks on all images, of the first seed and the protocol.
fn weights(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let own = |task: &&Task| task.columns.get(READING).is_empty();
    let mut stacks: Vec<(&str, &Task)> = Vec::new();
    for task in finished.shown(LAYERS).filter(own) {
        let name = task.columns.get("stack");
        // Layers come in order; the last one holds those below.
        stacks.retain(|(stack, _)| *stack != name);
        stacks.push((name, task));
    }
    for (name, task) in stacks {
        drawing.weights(task, networks::LAYERS, &format!("stack-{}", slug(name)))?;
    }
    for task in finished.shown(NETWORKS).filter(own) {
        let name = format!("{} {}", task.columns.get("network"), task.columns.get("images"));
        drawing.weights(task, NETWORK, &slug(&name))?;
    }
    Ok(())
}
