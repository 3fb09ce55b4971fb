//! The recipe of stacks of denoising autoencoders and of the classifiers that begin as them.

use anyhow::Result;
use engine::hyper::distinct;
use engine::rows::READING;
use engine::{Hypers, Origins, Scaled, Settings};

use super::draw::{self, Shown};
use super::network::{EPOCHS, NETWORKS, Network, Size, TWINS, begins_fresh};
use super::stack::{LAYER_EPOCHS, LAYERS, Layers, Learning, Reading};
use crate::hypers::{BATCH, RATE};
use crate::recipe::{Drawing, Planning, Recipe};

/// Stacks, and classifiers.
#[derive(Debug)]
pub struct Autoencoders {
    /// Stacks whose layers are shown.
    pub stacks: &'static [Layers],
    /// How layers are learnt.
    pub learning: Learning,
    /// Classifiers, by how many images they see.
    pub sizes: &'static [Size],
    /// What is read otherwise beside the protocol: layers of the first stack, networks of the last size.
    pub readings: &'static [Reading],
    /// The report's own costs, by model.
    pub reported: &'static [(&'static str, f64)],
    /// Where the values come from.
    pub origins: Origins,
}

impl Recipe for Autoencoders {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(self.origins);
        let Learning { images, epochs, batch, rate, masking, init } = self.learning;
        let units = |layers: Layers| layers.widths.iter().map(usize::to_string).collect::<Vec<_>>().join("–");
        hypers.fact("hidden units", &distinct(self.all_stacks().map(units)));
        hypers.fact("images of the layers", &images.at(settings.profile).to_string());
        hypers.cut("images of the layers", settings.profile, &[images]);
        hypers.add(&LAYER_EPOCHS, settings, &[epochs]);
        hypers.add(&BATCH, settings, &[Scaled::same(batch)]);
        hypers.add(&RATE, settings, &[Scaled::same(rate)]);
        hypers.fact("momentum", &distinct(self.all_stacks().map(|own| own.momentum.to_string())));
        hypers.fact("masking", &format!("each pixel removed with probability {masking}"));
        let sparse = |own: &Layers| own.sparsity.map(|s| format!("ρ = {}, β = {}", s.target, s.weight));
        let sparse: Vec<String> = self.all_stacks().filter_map(|own| sparse(&own)).collect();
        if !sparse.is_empty() {
            hypers.fact("sparsity", &distinct(sparse.into_iter()));
        }
        hypers.fact("first weights", &format!("{init}, biases 0"));
        if !self.sizes.is_empty() {
            let all: Vec<Scaled<usize>> = self.sizes.iter().map(|size| size.epochs).collect();
            hypers.add(&EPOCHS, settings, &all);
            let profile = settings.profile;
            let counts = self.sizes.iter().map(|size| {
                format!("{} and {} test images", size.learnt().at(profile), size.judged().at(profile))
            });
            hypers.fact("images of the networks", &distinct(counts));
            let learnt: Vec<Scaled<usize>> = self.sizes.iter().map(Size::learnt).collect();
            hypers.cut("images of the networks", profile, &learnt);
        }
        for network in self.networks() {
            hypers.fact(network.name, &network.words(&self.learning));
        }
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        for &seed in planning.seeds {
            for stack in self.stacks {
                self.layers(stack, None, seed, planning)?;
            }
            for size in self.sizes {
                for network in size.networks {
                    self.network(size, network, seed, planning)?;
                }
            }
            for &reading in self.readings.iter().filter(|_| planning.settings.most_read() > 0) {
                match (reading.of_layers(), self.stacks.first(), self.sizes.last()) {
                    (true, Some(stack), _) => self.layers(stack, Some(reading), seed, planning)?,
                    (false, _, Some(size)) => self.read(size, reading, seed, planning)?,
                    _ => {}
                }
            }
        }
        self.tell(planning);
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        draw::draw(&Shown { stacks: self.stacks, sizes: self.sizes, reported: self.reported }, drawing)
    }
}

impl Autoencoders {
    /// All classifiers, each once.
    fn networks(&self) -> Vec<&'static Network> {
        let mut all: Vec<&Network> = Vec::new();
        for network in self.sizes.iter().flat_map(|size| size.networks) {
            if all.iter().all(|own| own.name != network.name) {
                all.push(network);
            }
        }
        all
    }

    /// The stacks that are shown, or else those that networks begin as.
    fn all_stacks(&self) -> impl Iterator<Item = Layers> + use<> {
        let below = self.networks().into_iter().filter_map(|network| network.stack());
        let all: Vec<Layers> = self.stacks.iter().copied().chain(below).collect();
        all.into_iter()
    }

    /// Plans and names the layers of a stack.
    fn layers(
        &self,
        stack: &Layers,
        reading: Option<Reading>,
        seed: u64,
        planning: &mut Planning<'_>,
    ) -> Result<()> {
        let keys = stack.plan(&self.learning, reading, seed, planning)?;
        for (layer, key) in keys.iter().enumerate() {
            let (model, read) = (stack.model(layer), Reading::name(reading));
            planning.name(
                key,
                LAYERS,
                &[
                    ("model", &model),
                    ("stack", &stack.name),
                    ("layer", &(layer + 1)),
                    ("seed", &seed),
                    (READING, &read),
                ],
            );
        }
        Ok(())
    }

    /// Plans and names a network, and its twin where it learns from the images that would choose its epoch.
    fn network(&self, size: &Size, network: &Network, seed: u64, planning: &mut Planning<'_>) -> Result<()> {
        let rest = planning.data.digits()?.held_out().start;
        let (profile, learnt) = (planning.settings.profile, size.learnt());
        let key = network.plan((size, learnt.at(profile)), &self.learning, None, seed, planning)?;
        name(&key, NETWORKS, (size, network), None, seed, planning);
        if let Some(fewer) = size.twin(rest) {
            let twin = network.plan((size, fewer.at(profile)), &self.learning, None, seed, planning)?;
            name(&twin, TWINS, (size, network), None, seed, planning);
        }
        Ok(())
    }

    /// Networks under a reading; a pretrained one, which it does not concern, is named again, so that others can be held
    /// against it.
    fn read(&self, size: &Size, reading: Reading, seed: u64, planning: &mut Planning<'_>) -> Result<()> {
        for network in size.networks.iter().filter(|network| network.is_connected()) {
            let own = begins_fresh(network).then_some(reading);
            let images = size.learnt().at(planning.settings.profile);
            let key = network.plan((size, images), &self.learning, own, seed, planning)?;
            name(&key, NETWORKS, (size, network), Some(reading), seed, planning);
        }
        Ok(())
    }

    /// What a reader must know.
    fn tell(&self, planning: &mut Planning<'_>) {
        planning.notes.push(
            "Costs are cross-entropies in nats, summed over the pixels of an image. The cost of training is the mean over an \
             epoch, while the layer learns, from noisy images; that of test images is of clean ones through the whole stack after \
             the epoch. A filter of a higher layer is seen through the weights of the layers below, as if these were linear; its \
             total variation is the sum of differences between neighbouring pixels over the sum of amounts, about 2.7 for \
             independent noise."
                .into(),
        );
        if !self.sizes.is_empty() {
            planning.notes.push(
                "Layers are learnt from all training images without their labels, also where networks see fewer. An epoch is \
                 chosen by the last 5000 training images; a network that learns from those, too, takes the epoch of a twin that \
                 does not. The best epoch on the test images is what a report prints that has no others."
                    .into(),
            );
        }
    }
}

fn name(
    key: &engine::Key,
    role: &'static str,
    (size, network): (&Size, &Network),
    reading: Option<Reading>,
    seed: u64,
    planning: &mut Planning<'_>,
) {
    let read = Reading::name(reading);
    planning.name(
        key,
        role,
        &[("images", &size.images), ("network", &network.name), ("seed", &seed), (READING, &read)],
    );
}
