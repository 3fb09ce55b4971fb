//! The variational autoencoder [Kingma2014]: an encoder gives `q(z | x)`, a decoder `p(x | z)`, and the prior is `N(0, 1)`.
//!
//! ```text
//! log p(x) ≥ ELBO(x) = E_q[log p(x | z)] − KL(q(z | x) ‖ N(0, 1))
//! ```
//!
//! Both terms are sums, over pixels and over latent variables; a mini-batch counts by its mean. A mean over pixels would weigh the
//! divergence hundreds of times too much.

use feedforward::{AnyLayer, Dense, Init, Layer, Mode, Network, NetworkTrace};
use tensor::{Matrix, Seed, Stream};
use train::{Param, Parameters};

use crate::error::of;
use crate::{GenerativeError, Likelihood, Posterior, VaeShape};

/// An encoder, two heads and a decoder. On disk `encoder.layers.0.weight`, `mean.…`, `log_variance.…`, `decoder.…`.
#[derive(Clone, Debug, PartialEq)]
pub struct Vae {
    encoder: Network,
    mean: Network,
    log_variance: Network,
    decoder: Network,
    likelihood: Likelihood,
}

/// Both parts of the bound, in nats.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Elbo {
    /// `log p(x | z)`; its expectation where it is a mean.
    pub log_likelihood: f64,
    /// `KL(q(z | x) ‖ N(0, 1))`.
    pub divergence: f64,
}

impl Elbo {
    /// `log p(x | z) − KL`.
    pub fn total(self) -> f64 {
        self.log_likelihood - self.divergence
    }
}

/// What a forward pass of an encoder leaves.
struct Encoded {
    hidden: Matrix,
    hidden_trace: NetworkTrace,
    traces: [NetworkTrace; 2],
    posterior: Posterior,
}

impl Vae {
    /// A fresh autoencoder.
    ///
    /// # Errors
    /// As [`VaeShape::check`].
    pub fn new(shape: &VaeShape, init: Init, seed: Seed) -> Result<Self, GenerativeError> {
        shape.check()?;
        let widths: Vec<usize> = std::iter::once(shape.pixels).chain(shape.hidden.iter().copied()).collect();
        let seed_of = |part: &str, layer: usize| seed.child(part, layer as u64);
        let pairs = widths.windows(2).enumerate();
        let encoder =
            pairs.flat_map(|(l, w)| shape.hidden([w[0], w[1]], init, seed_of("encoder", l))).collect();
        let top = widths[widths.len() - 1];
        let head = |part| shape.head([top, shape.latent], init, seed_of(part, 0));
        let back: Vec<usize> = [shape.latent].into_iter().chain(shape.hidden.iter().rev().copied()).collect();
        let mut decoder: Vec<AnyLayer> = (back.windows(2).enumerate())
            .flat_map(|(l, w)| shape.hidden([w[0], w[1]], init, seed_of("decoder", l)))
            .collect();
        let output = Dense::new(shape.hidden[0], shape.pixels, init, seed_of("decoder", back.len()));
        decoder.push(AnyLayer::Dense(output));
        let network = |part, layers| Network::new(layers).map_err(of(part));
        let networks = [
            network("encoder", encoder)?,
            network("mean", head("mean"))?,
            network("log variance", head("log-variance"))?,
            network("decoder", decoder)?,
        ];
        Self::from_networks(networks, shape.likelihood)
    }

    /// An autoencoder of these networks: encoder, mean, log variance and decoder.
    ///
    /// # Errors
    /// If one does not fit on the one before, or the decoder does not lead back to the encoder's inputs.
    pub fn from_networks(
        [encoder, mean, log_variance, decoder]: [Network; 4],
        likelihood: Likelihood,
    ) -> Result<Self, GenerativeError> {
        let fits = [
            ("mean", encoder.outputs(), mean.inputs()),
            ("log variance", encoder.outputs(), log_variance.inputs()),
            ("log variance", mean.outputs(), log_variance.outputs()),
            ("decoder", mean.outputs(), decoder.inputs()),
            ("decoder", encoder.inputs(), decoder.outputs()),
        ];
        let wrong = fits.into_iter().find(|(_, expected, found)| expected != found);
        wrong.map_or(Ok(Self { encoder, mean, log_variance, decoder, likelihood }), |wrong| {
            let (part, expected, found) = wrong;
            Err(GenerativeError::Chain { part, expected, found })
        })
    }

    /// Number of latent variables.
    pub fn latent(&self) -> usize {
        self.mean.outputs()
    }

    /// Number of pixels.
    pub fn pixels(&self) -> usize {
        self.encoder.inputs()
    }

    /// The law of pixels.
    pub fn likelihood(&self) -> Likelihood {
        self.likelihood
    }

    /// Whether a layer looks at a whole mini-batch.
    pub fn is_normalised(&self) -> bool {
        self.networks().into_iter().any(crate::error::is_normalised)
    }

    /// Encoder, mean, log variance and decoder.
    pub fn networks(&self) -> [&Network; 4] {
        [&self.encoder, &self.mean, &self.log_variance, &self.decoder]
    }

    /// The dense layers of all four, to be written; their shapes must stay.
    pub(crate) fn dense_mut(&mut self) -> [Vec<&mut Dense>; 4] {
        [&mut self.encoder, &mut self.mean, &mut self.log_variance, &mut self.decoder]
            .map(|network| network.dense_mut().collect())
    }

    /// `q(z | x)` of images, pixels × batch, with running averages in the place of the mini-batch's moments.
    pub fn posterior(&self, x: &Matrix) -> Posterior {
        self.encode(x, &mut Mode::Evaluate).posterior
    }

    /// The decoder's outputs for `z`, latent variables × batch: logits or means of pixels.
    pub fn outputs(&self, z: &Matrix) -> Matrix {
        self.decoder.logits(z)
    }

    /// The mean image of each `z`.
    pub fn decode(&self, z: &Matrix) -> Matrix {
        self.likelihood.means(self.outputs(z))
    }

    /// The bound for each image from one draw of `z` each.
    pub fn elbo(&self, x: &Matrix, noise: &mut Stream) -> Vec<Elbo> {
        let posterior = self.posterior(x);
        let mut epsilon = Matrix::zeros(self.latent(), x.cols());
        noise.normal(&mut epsilon, 1.0);
        let outputs = self.outputs(&posterior.draw(&epsilon));
        let parts = self.likelihood.log_likelihood(&outputs, x).into_iter().zip(posterior.divergence());
        parts.map(|(log_likelihood, divergence)| Elbo { log_likelihood, divergence }).collect()
    }

    fn encode(&self, x: &Matrix, mode: &mut Mode<'_>) -> Encoded {
        let (hidden, hidden_trace) = self.encoder.forward(x, mode);
        let (mean, mean_trace) = self.mean.forward(&hidden, mode);
        let (log_variance, variance_trace) = self.log_variance.forward(&hidden, mode);
        let posterior = Posterior { mean, log_variance };
        Encoded { hidden, hidden_trace, traces: [mean_trace, variance_trace], posterior }
    }

    /// The mean over a mini-batch of both parts of the bound, and the gradient of minus their total.
    ///
    /// `z` is drawn once for each sample, so the gradient is that of a draw, and right on average.
    ///
    /// # Panics
    /// If images have another number of pixels, or layers are normalised and there are fewer than two images.
    pub fn gradient(&self, x: &Matrix, noise: &mut Stream) -> (Elbo, Self) {
        let n = x.cols();
        let mut epsilon = Matrix::zeros(self.latent(), n);
        noise.normal(&mut epsilon, 1.0);
        let mode = &mut Mode::Train(noise);
        let encoded = self.encode(x, mode);
        let posterior = &encoded.posterior;
        let z = posterior.draw(&epsilon);
        let (outputs, trace) = self.decoder.forward(&z, mode);
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / n as f64;
        let elbo = Elbo {
            log_likelihood: mean(self.likelihood.log_likelihood(&outputs, x)),
            divergence: mean(posterior.divergence()),
        };
        let mut gradient = self.zeros_like();
        let weight = 1.0 / n as f32;
        let d = self.likelihood.descent(outputs.clone(), x, weight);
        let dz = self.decoder.backward(&z, &outputs, &trace, d, &mut gradient.decoder);
        let [d_mean, d_log_variance] = posterior.backward(&epsilon, &dz, weight);
        let hidden = &encoded.hidden;
        let [mean_trace, variance_trace] = &encoded.traces;
        let mut d = self.mean.backward(hidden, &posterior.mean, mean_trace, d_mean, &mut gradient.mean);
        let other = self.log_variance.backward(
            hidden,
            &posterior.log_variance,
            variance_trace,
            d_log_variance,
            &mut gradient.log_variance,
        );
        d.as_mut_slice().iter_mut().zip(other.as_slice()).for_each(|(d, other)| *d += other);
        self.encoder.backward(x, hidden, &encoded.hidden_trace, d, &mut gradient.encoder);
        (elbo, gradient)
    }
}

impl Parameters for Vae {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let parts = [
            ("encoder", &self.encoder),
            ("mean", &self.mean),
            ("log_variance", &self.log_variance),
            ("decoder", &self.decoder),
        ];
        parts.into_iter().flat_map(|(name, part)| part.params().into_iter().map(|p| p.under(name))).collect()
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let parts = [
            ("encoder", &mut self.encoder),
            ("mean", &mut self.mean),
            ("log_variance", &mut self.log_variance),
            ("decoder", &mut self.decoder),
        ];
        parts
            .into_iter()
            .flat_map(|(name, part)| part.params_mut().into_iter().map(|p| p.under(name)))
            .collect()
    }
}
