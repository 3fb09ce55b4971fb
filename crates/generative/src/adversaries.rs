//! A generator and its critic: what a step of either is.
//!
//! `x = G(z)` with `z ~ N(0, 1)`; the critic gives one number for each sample. Images are in the range of the generator's outputs:
//! from −1 to 1 below tanh.

use feedforward::{Layer, Mode, Network};
use tensor::{Matrix, Stream};
use train::{Param, Parameters};

use crate::{GenerativeError, Objective, penalty};

/// Both networks. On disk `generator.…` and `critic.…`.
#[derive(Clone, Debug, PartialEq)]
pub struct Adversaries {
    generator: Network,
    critic: Network,
}

/// What one mini-batch showed of a player.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen {
    /// Its loss, the penalty included.
    pub loss: f64,
    /// Share of samples on which it had its way: the critic where an output above zero means "real", the generator where the
    /// critic took its samples for real.
    pub accuracy: f64,
}

impl Seen {
    /// Adds a share of what another mini-batch showed.
    pub(crate) fn add(&mut self, other: Self, share: f64) {
        self.loss += share * other.loss;
        self.accuracy += share * other.accuracy;
    }
}

impl Adversaries {
    /// Two networks that fit on each other.
    ///
    /// # Errors
    /// If the generator's outputs are not the critic's inputs, or the critic has more than one output.
    pub fn new(generator: Network, critic: Network) -> Result<Self, GenerativeError> {
        let (expected, found) = (critic.inputs(), generator.outputs());
        if expected != found {
            return Err(GenerativeError::Chain { part: "generator", expected, found });
        }
        if critic.outputs() != 1 {
            return Err(GenerativeError::Chain { part: "critic", expected: 1, found: critic.outputs() });
        }
        Ok(Self { generator, critic })
    }

    /// The network that draws.
    pub fn generator(&self) -> &Network {
        &self.generator
    }

    /// The network that judges.
    pub fn critic(&self) -> &Network {
        &self.critic
    }

    /// Whether a layer looks at a whole mini-batch.
    pub fn is_normalised(&self) -> bool {
        [&self.generator, &self.critic].into_iter().any(crate::error::is_normalised)
    }

    pub(crate) fn parts_mut(&mut self) -> [&mut Network; 2] {
        [&mut self.generator, &mut self.critic]
    }

    /// Latent variables of the generator.
    pub fn latent(&self) -> usize {
        self.generator.inputs()
    }

    /// Samples for standard normal draws, as the generator shows them when it is used: no dropout, running averages.
    pub fn draw(&self, count: usize, noise: &mut Stream) -> Matrix {
        self.generator.logits(&self.latents(count, noise))
    }

    fn latents(&self, count: usize, noise: &mut Stream) -> Matrix {
        let mut z = Matrix::zeros(self.latent(), count);
        noise.normal(&mut z, 1.0);
        z
    }

    /// The critic's loss on real images and as many generated ones, and its gradient; the generator stays as it is.
    ///
    /// # Errors
    /// If a penalty is asked of a critic that is not linear in pieces.
    ///
    /// # Panics
    /// If images have another number of features.
    pub fn critic_gradient(
        &self,
        real: &Matrix,
        objective: Objective,
        noise: &mut Stream,
    ) -> Result<(Seen, Network), GenerativeError> {
        let z = self.latents(real.cols(), noise);
        let mode = &mut Mode::Train(noise);
        let fake = self.generator.forward(&z, mode).0;
        let (on_real, real_trace) = self.critic.forward(real, mode);
        let (on_fake, fake_trace) = self.critic.forward(&fake, mode);
        let (mut loss, [d_real, d_fake]) = objective.critic(&on_real, &on_fake);
        let mut gradient = self.critic.zeros_like();
        self.critic.backward(real, &on_real, &real_trace, d_real, &mut gradient);
        self.critic.backward(&fake, &on_fake, &fake_trace, d_fake, &mut gradient);
        if let Objective::Penalised { weight } = objective {
            let points = penalty::between(real, &fake, noise);
            let found = penalty::penalty(&self.critic, &points, weight, &mut gradient);
            loss += found.map_err(crate::error::of("critic"))?;
        }
        let right = share(&on_real, |r| r > 0.0) + share(&on_fake, |f| f <= 0.0);
        Ok((Seen { loss, accuracy: 0.5 * right }, gradient))
    }

    /// The generator's loss on `count` samples, and its gradient; the critic stays as it is.
    pub fn generator_gradient(
        &self,
        count: usize,
        objective: Objective,
        noise: &mut Stream,
    ) -> (Seen, Network) {
        let z = self.latents(count, noise);
        let mode = &mut Mode::Train(noise);
        let (fake, trace) = self.generator.forward(&z, mode);
        let (outputs, critic_trace) = self.critic.forward(&fake, mode);
        let (loss, d) = objective.generator(&outputs);
        let mut unused = self.critic.zeros_like();
        let d = self.critic.backward(&fake, &outputs, &critic_trace, d, &mut unused);
        let mut gradient = self.generator.zeros_like();
        self.generator.backward(&z, &fake, &trace, d, &mut gradient);
        (Seen { loss, accuracy: share(&outputs, |f| f > 0.0) }, gradient)
    }
}

fn share(outputs: &Matrix, holds: impl Fn(f32) -> bool) -> f64 {
    let hits = outputs.as_slice().iter().filter(|x| holds(**x)).count();
    hits as f64 / outputs.as_slice().len() as f64
}

impl Parameters for Adversaries {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let parts = [("generator", &self.generator), ("critic", &self.critic)];
        parts.into_iter().flat_map(|(name, part)| part.params().into_iter().map(|p| p.under(name))).collect()
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let parts = [("generator", &mut self.generator), ("critic", &mut self.critic)];
        parts
            .into_iter()
            .flat_map(|(name, part)| part.params_mut().into_iter().map(|p| p.under(name)))
            .collect()
    }
}
