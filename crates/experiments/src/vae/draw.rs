//! From finished tasks to curves of the bound, pictures, the latent plane and tables.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Grid, Inks, Metric, Steps};
use report::Mark;

use super::pictures::{self, BLURRED, RECOGNISED_SHARE};
use super::recipe::{BOUNDS, RECOGNISED, SCORES, TRAINED, Vaes};
use super::train::{Seen, VAE};
use crate::inks::CURVE;
use crate::recipe::{Drawing, slug};

const TRAINING: Metric = Metric::new("elbo", "training", Better::Higher).unit("nats").decimals(1);
const TEST: Metric = Metric::new("elbo_test", "test", Better::Higher).unit("nats").decimals(1);

pub(super) fn draw(recipe: &Vaes, drawing: &mut Drawing<'_>) -> Result<()> {
    drawing.evidence.0 = drawing.finished.all(&[TRAINED, RECOGNISED, SCORES, BOUNDS])?;
    drawing.metrics();
    pictures::samples(drawing)?;
    pictures::reconstructions(recipe, drawing)?;
    pictures::latent(recipe, drawing)?;
    pictures::manifold(recipe, drawing)?;
    pictures::interpolation(recipe, drawing)?;
    bounds(recipe, drawing);
    tables(drawing);
    let finished = drawing.finished;
    for task in finished.shown(TRAINED) {
        drawing.weights(task, VAE, &slug(task.columns.get("model")))?;
    }
    Ok(())
}

/// The bound after every epoch, of grey images and of those in black and white in a chart each: their nats do not compare.
fn bounds(recipe: &Vaes, drawing: &mut Drawing<'_>) {
    let charts = [
        (
            Seen::Grey,
            "bound-grey.svg",
            "Bound on grey images",
            "cross-entropy less divergence, nats an image",
        ),
        (Seen::Drawn, "bound-drawn.svg", "Bound on images in black and white", "nats an image"),
    ];
    for (seen, file, title, label) in charts {
        let mut rows = drawing.evidence.0.clone();
        rows.rows.retain(|row| {
            let own = row.column("model");
            recipe.models.iter().any(|model| model.seen == seen && own == Some(model.name))
        });
        let curve = Curve {
            file,
            title,
            x: Axis { label: "epoch", steps: Steps::Linear },
            y: Axis { label, steps: Steps::Linear },
            along: "epoch",
            split: "model",
            metrics: &[TEST, TRAINING],
            // Training and test of one autoencoder have one colour.
            inks: Inks(&["VAE", "VAE, not normalised", "VAE, 20 latent"]),
            dashed: &["elbo"],
            mark: Mark::Line,
            caption: "The evidence lower bound after every epoch: of test images from one draw each, the same after every epoch, and, \
                      dashed, of training images while they are learnt from.",
            alt: "The bound against epochs; lines rise steeply at first and flatten.",
            ..CURVE
        };
        drawing.along_epochs(&curve, &rows);
    }
}

fn tables(drawing: &mut Drawing<'_>) {
    drawing.grid(&Grid {
        caption: "After the last epoch",
        by: &["model"],
        heads: &["autoencoder"],
        metrics: &[
            Metric::new("parameters", "parameters", Better::Neither).decimals(0),
            TEST,
            TRAINING,
            Metric::new("log_likelihood_test", "of it, log p(x | z), test", Better::Higher)
                .unit("nats")
                .decimals(1),
            Metric::new("divergence_test", "and divergence", Better::Neither).unit("nats").decimals(1),
            Metric::new("bound", "likelihood of digits drawn once, at least", Better::Higher)
                .unit("nats")
                .decimals(1),
            Metric::new("importance_samples", "by importance samples", Better::Neither).decimals(0),
            Metric::new("bounded_images", "of test images", Better::Neither).decimals(0),
        ],
        label: None,
        reported: None,
    });
    drawing.grid(&Grid {
        caption: "What the classifier makes of pictures, and how sharp they are",
        by: &["model", "pictures"],
        heads: &["autoencoder", "pictures"],
        metrics: &[
            RECOGNISED_SHARE,
            Metric::percent("sureness", "mean probability of the class", Better::Higher).decimals(1),
            Metric::new("covered", "classes covered", Better::Higher).decimals(0),
            Metric::new("effective_classes", "effective classes", Better::Higher).decimals(2),
            Metric::new("sharpness", "sharpness", Better::Neither).decimals(3),
            BLURRED,
            Metric::percent("recognised_rightly", "rightly", Better::Higher).decimals(1),
        ],
        label: None,
        reported: None,
    });
    drawing.grid(&Grid {
        caption: "Distances to held-out digits, in black and white",
        by: &["origin"],
        heads: &["origin"],
        metrics: &[
            Metric::new("pixels", "W₂²", Better::Lower).unit("pixels").decimals(1),
            Metric::percent("ink", "pixels on", Better::Neither).decimals(1),
            Metric::new("images", "images", Better::Neither).decimals(0),
        ],
        label: None,
        reported: None,
    });
}
