//! Energy models: units, restricted Boltzmann machines, contrastive divergence, deep belief networks
