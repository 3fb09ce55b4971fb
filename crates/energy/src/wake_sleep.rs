//! Up-down fine-tuning of a network with labels, the contrastive wake-sleep algorithm [Hinton2006, appendix B].
//!
//! Wake: states are drawn upwards from images with the recognition weights, and each generative layer learns to make
//! the layer below from the one above, `Δ ∝ y(x − p_gen(x | y))ᵀ`. Top: contrastive divergence from those states and the
//! label. Sleep: from the end of that chain states are drawn downwards with the generative weights, and each recognition
//! layer learns where they came from, `Δ ∝ x(y − q_rec(y | x))ᵀ` [Hinton1995]. All three learn from what the parameters
//! were at the beginning of the step.
//!
//! Where this deviates from the appendix: hidden probabilities of the top machine, not states, enter the gradient, and
//! labels are drawn in its chain, not probabilities. Both have the states' expectation; the chain is Gibbs sampling.

use serde::{Deserialize, Serialize};
use tensor::{Matrix, Stream};
use train::{Fit, Observer, Outcome, Parameters, Snapshot, Tensor, TensorError, Trainee, epochs};

use crate::gibbs::VisibleState;
use crate::label_dbn::LabelDbn;
use crate::learning::{InputError, check, gradient};
use crate::units::join;

/// How up-down learns: plain steps at one rate for everything, without momentum.
///
/// As JSON a job can hold it: `{"rate":0.01,"step":"mean","sweeps":3,"dream":"mean"}`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpDown {
    /// The learning rate.
    pub rate: f32,
    /// What the rate multiplies.
    pub step: StepRule,
    /// Gibbs sweeps of the top machine, at least one; in [Hinton2006] first 3, then 6, then 10.
    pub sweeps: usize,
    /// The dreamt image, from which the lowest recognition layer learns: a mean in [Hinton2006], which suits grey
    /// images; drawn, it is a sample of the model, as wake-sleep has it. Layers above it are always drawn.
    pub dream: VisibleState,
}

/// What the rate multiplies: one image's share of a step, or a mini-batch's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepRule {
    /// The mean over the mini-batch: a step does not depend on its size.
    Mean,
    /// The sum over the mini-batch: a step grows with its size.
    Sum,
}

impl UpDown {
    /// The same steps under the other rule, for mini-batches of `batch` images: the mean at rate `r` is the sum at rate
    /// `r / batch`. A last mini-batch that is short has another step.
    ///
    /// # Panics
    /// If `batch` is 0.
    pub fn restated(self, step: StepRule, batch: usize) -> Self {
        assert!(batch > 0, "mini-batches of {batch} images");
        let rate = match (self.step, step) {
            (StepRule::Mean, StepRule::Sum) => self.rate / batch as f32,
            (StepRule::Sum, StepRule::Mean) => self.rate * batch as f32,
            _ => self.rate,
        };
        Self { rate, step, ..self }
    }

    /// What one image's share of a mini-batch of so many is multiplied with.
    pub fn share(&self, batch: usize) -> f32 {
        match self.step {
            StepRule::Mean => self.rate / batch as f32,
            StepRule::Sum => self.rate,
        }
    }
}

/// The states that one step learns from, rows × batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Phases {
    /// Wake: the images, and the states drawn above them, bottom first.
    pub wake: Vec<Matrix>,
    /// The top machine's visible layer, wake: penultimate states above labels.
    pub positive: Matrix,
    /// The same at the end of the Gibbs chain.
    pub negative: Matrix,
    /// Sleep: the dreamt images, and the states that they were drawn from, bottom first.
    pub sleep: Vec<Matrix>,
}

impl Phases {
    /// Draws all states: up, along the chain at the top, down.
    ///
    /// # Panics
    /// If there is no sweep, or images or labels do not fit the network or each other.
    pub fn draw(
        dbn: &LabelDbn,
        (images, labels): (&Matrix, &Matrix),
        options: &UpDown,
        noise: &mut Stream,
    ) -> Self {
        assert!(options.sweeps > 0, "contrastive divergence needs at least one sweep");
        let mut wake = vec![images.clone()];
        for layer in dbn.recognition() {
            wake.push(layer.sample(&wake[wake.len() - 1], noise));
        }
        let top = dbn.top();
        let positive = join(&wake[wake.len() - 1], labels);
        let negative = top.gibbs(positive.clone(), options.sweeps, noise);
        let mut sleep = vec![top.visible.split(&negative).0];
        for (index, layer) in dbn.generation().iter().enumerate().rev() {
            let above = &sleep[sleep.len() - 1];
            let below = match options.dream {
                VisibleState::Mean if index == 0 => layer.mean(above),
                _ => layer.sample(above, noise),
            };
            sleep.push(below);
        }
        sleep.reverse();
        Self { wake, positive, negative, sleep }
    }

    /// `−Σ log p(xᵢ | xᵢ₊₁)` over the directed layers, awake, in nats per image: what the wake phase descends.
    ///
    /// # Panics
    /// If the states are not those of such a network.
    pub fn wake_loss(&self, dbn: &LabelDbn) -> f64 {
        let layers = dbn.generation().iter().zip(self.wake.windows(2));
        let sum: f64 = layers.map(|(layer, x)| layer.log_probability(&x[1], &x[0]).iter().sum::<f64>()).sum();
        -sum / self.wake[0].cols() as f64
    }

    /// Moves a network by `share` times the sum over the images of what each wants. No layer's part looks at another
    /// layer's parameters, so that their order does not matter.
    ///
    /// # Panics
    /// If the states are not those of such a network.
    pub fn learn(&self, dbn: &mut LabelDbn, share: f32) {
        let (recognition, generation, top) = dbn.parts_mut();
        for (layer, x) in generation.iter_mut().zip(self.wake.windows(2)) {
            layer.learn(&x[1], &x[0], share);
        }
        let descent = gradient(top, &self.positive, &self.negative);
        top.axpy(-share * self.positive.cols() as f32, &descent);
        for (layer, x) in recognition.iter_mut().zip(self.sleep.windows(2)) {
            layer.learn(&x[0], &x[1], share);
        }
    }
}

/// Fine-tunes `dbn` on images (pixels × samples) and their labels (classes × samples, [`crate::one_hot`]). The loop's
/// `loss` is [`Phases::wake_loss`] before each step.
///
/// # Errors
/// As [`UpDownTrainer::new`].
///
/// # Panics
/// As [`UpDownTrainer::new`].
pub fn fine_tune(
    dbn: &mut LabelDbn,
    data: (&Matrix, &Matrix),
    options: &UpDown,
    plan: &Fit,
    observer: &mut dyn Observer,
) -> Result<Outcome, InputError> {
    Ok(epochs(&mut UpDownTrainer::new(dbn, data, options)?, data.0.cols(), plan, observer))
}

/// A network with labels and what it learns from. Its parameters are all the state there is.
pub struct UpDownTrainer<'a> {
    dbn: &'a mut LabelDbn,
    images: &'a Matrix, // pixels × samples
    labels: &'a Matrix, // classes × samples
    options: UpDown,
}

impl<'a> UpDownTrainer<'a> {
    /// A trainer of images and labels.
    ///
    /// # Errors
    /// If a pixel or a label's probability does not lie between 0 and 1; says which.
    ///
    /// # Panics
    /// If images or labels do not fit the network or each other, or the top machine makes no sweep.
    pub fn new(
        dbn: &'a mut LabelDbn,
        (images, labels): (&'a Matrix, &'a Matrix),
        options: &UpDown,
    ) -> Result<Self, InputError> {
        let (pixels, classes) = (dbn.pixels(), dbn.top().classes());
        assert!(
            (images.rows(), labels.rows(), labels.cols()) == (pixels, classes, images.cols()),
            "{} × {} images and {} × {} labels for {pixels} pixels and {classes} labels",
            images.rows(),
            images.cols(),
            labels.rows(),
            labels.cols()
        );
        assert!(options.sweeps > 0, "contrastive divergence needs at least one sweep");
        check(images, &(0.0..=1.0))?;
        check(labels, &(0.0..=1.0))?;
        Ok(Self { dbn, images, labels, options: *options })
    }
}

impl Trainee for UpDownTrainer<'_> {
    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let data = (&self.images.gather(batch), &self.labels.gather(batch));
        let phases = Phases::draw(self.dbn, data, &self.options, noise);
        let loss = phases.wake_loss(self.dbn);
        phases.learn(self.dbn, self.options.share(batch.len()));
        loss
    }

    fn non_finite(&self) -> Option<String> {
        self.dbn.first_non_finite()
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { epoch: 0, tensors: Tensor::list(self.dbn, "model") }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.write_into(self.dbn, "model")
    }
}
