//! Why a network cannot be made or used as asked.

use std::fmt;

use crate::{Maps, Sliding};

/// What a caller's numbers, as opposed to a caller's code, can get wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum NetworkError {
    /// No layers.
    Empty,
    /// A layer of no units, or one that nothing comes into.
    ZeroWidth {
        /// Its place in the list of widths, from 0.
        place: usize,
    },
    /// A layer that does not fit on the one below.
    Chain {
        /// What kind of layer it is.
        kind: &'static str,
        /// Its number among those of its kind, from 0.
        layer: usize,
        /// What it expects from below.
        expected: usize,
        /// What there is.
        found: usize,
    },
    /// A layer whose biases, or other numbers of which each unit has one, are not as many as its units.
    Bias {
        /// What kind of layer it is.
        kind: &'static str,
        /// Its number among those of its kind, from 0.
        layer: usize,
        /// Units.
        units: usize,
        /// Biases.
        found: usize,
    },
    /// A layer whose maps are others than those of the layer below.
    Maps {
        /// What kind of layer it is.
        kind: &'static str,
        /// Its number among those of its kind, from 0.
        layer: usize,
        /// What it expects from below.
        expected: Maps,
        /// What there is.
        found: Maps,
    },
    /// Images without channels, rows or columns, or with more pixels than can be counted.
    NoMaps {
        /// Their shape.
        maps: Maps,
    },
    /// Filters that cannot slide over their image, since a stride or size is 0 or the image is too small.
    Window {
        /// What kind of layer it is.
        kind: &'static str,
        /// Filters, or maps that come out of a transposed convolution.
        filters: usize,
        /// Their sizes.
        sliding: Sliding,
        /// The image.
        image: Maps,
    },
    /// Squares for max-pooling that hold no pixel, or more than their image.
    Pool {
        /// Edge of a square.
        size: usize,
        /// The image.
        image: Maps,
    },
    /// What is wrong with one of a convolutional network's blocks.
    Block {
        /// Its number, from 0.
        block: usize,
        /// What is wrong.
        cause: Box<NetworkError>,
    },
    /// Samples of other than the network's inputs.
    Images {
        /// What kind the first layer is of that minds.
        kind: &'static str,
        /// The maps it expects, if it knows of images.
        maps: Option<Maps>,
        /// Inputs of the network.
        expected: usize,
        /// Features of a sample.
        found: usize,
    },
    /// A layer with a second derivative, where one must be linear in pieces.
    Smooth {
        /// Its place in the sequence of layers, from 0.
        place: usize,
        /// What kind it is.
        kind: String,
    },
    /// A layer that looks at a whole mini-batch, in a network whose samples go their ways in blocks.
    WholeBatch {
        /// Its place in the sequence of layers, from 0.
        place: usize,
        /// What kind it is.
        kind: &'static str,
    },
    /// A dropout rate outside [0, 1).
    Dropout {
        /// The rate.
        rate: f32,
    },
    /// A strength of noise outside [0, 1].
    Noise {
        /// What kind of noise it is.
        kind: &'static str,
        /// Its probability or standard deviation.
        amount: f32,
    },
    /// A decoder that does not lead back to what its encoder reads: it can neither be tied to it nor stand beside it.
    Decoder {
        /// Number of the autoencoder within its stack, from 0.
        layer: usize,
        /// Inputs and units of the encoder.
        encoder: [usize; 2],
        /// Inputs and units of the decoder.
        decoder: [usize; 2],
    },
    /// A mean activation to aim at that is not inside (0, 1), or a weight of it that is negative or not finite.
    Sparsity {
        /// The mean activation.
        target: f32,
        /// Its weight.
        weight: f32,
    },
    /// Other than one denoising cost for each layer of a ladder, the inputs included.
    Costs {
        /// Layers, the inputs included.
        layers: usize,
        /// Costs.
        found: usize,
    },
    /// A network that is no perceptron of one activation and one dropout, which is what the fast path trains.
    NoPerceptron {
        /// The first place in the sequence of layers, from 0, where another layer is expected.
        place: usize,
        /// What kind of layer is there; none where the sequence ends too early.
        found: Option<&'static str>,
    },
    /// An input that is not finite, or not between 0 and 1 where grey values are expected.
    Input {
        /// Which sample.
        sample: usize,
        /// Which of its inputs.
        input: usize,
        /// Its value.
        value: f32,
    },
    /// A label that is not among the classes.
    Label {
        /// Which sample.
        sample: usize,
        /// Its label.
        label: u8,
        /// Classes; labels go from 0 to one less.
        classes: usize,
    },
    /// Other than one label a sample.
    Labels {
        /// Samples.
        samples: usize,
        /// Labels.
        labels: usize,
    },
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "a network needs at least one layer: inputs and outputs"),
            Self::ZeroWidth { place } => write!(f, "width {place} of the network is 0, expected at least 1"),
            Self::Chain { kind, layer, expected, found } => {
                write!(f, "{kind} {layer} expects {expected} inputs, found {found} units below it")
            }
            Self::Bias { kind, layer, units, found } => {
                write!(f, "{kind} {layer} has {units} units, found {found} biases")
            }
            Self::Dropout { rate } => {
                write!(f, "expected a dropout rate of at least 0 and below 1, found {rate}")
            }
            Self::Noise { kind, amount } => {
                write!(f, "{kind}: expected a strength from 0 to 1, found {amount}")
            }
            Self::Decoder { layer, encoder: [inputs, units], decoder: [from, to] } => {
                write!(f, "autoencoder {layer} encodes {inputs} × {units}, ")?;
                write!(f, "so its decoder must be {units} × {inputs}, found {from} × {to}")
            }
            Self::Sparsity { target, weight } => {
                write!(f, "expected a mean activation between 0 and 1 and a weight of at least 0, ")?;
                write!(f, "found {target} and {weight}")
            }
            Self::Costs { layers, found } => {
                write!(f, "expected a denoising cost for each of {layers} layers, found {found}")
            }
            Self::NoPerceptron { place, found } => {
                let found = found.unwrap_or("nothing");
                write!(
                    f,
                    "the fast path trains perceptrons only, found {found} as layer {place} of the sequence"
                )
            }
            Self::Input { sample, input, value } => {
                let expected = if value.is_finite() { "a grey value from 0 to 1" } else { "a finite number" };
                write!(f, "sample {sample}, input {input}: expected {expected}, found {value}")
            }
            Self::Label { sample, label, classes } => {
                write!(f, "sample {sample}: expected a label below {classes}, found {label}")
            }
            Self::Labels { samples, labels } => write!(f, "expected {samples} labels, found {labels}"),
            _ => self.of_images(f),
        }
    }
}

impl NetworkError {
    /// The messages about networks of images.
    fn of_images(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Maps { kind, layer, expected, found } => {
                write!(f, "{kind} {layer} expects maps of {expected}, found {found} below it")
            }
            Self::NoMaps { maps } => {
                write!(
                    f,
                    "expected an image of at least one pixel, and not more than can be counted, found {maps}"
                )
            }
            Self::Window {
                kind,
                filters,
                sliding: Sliding { kernel: [rows, cols], stride, padding },
                image,
            } => {
                write!(
                    f,
                    "{kind}: expected filters that fit into the image and move, found {filters} of {rows}×{cols} with \
                     stride {stride} and padding {padding} for an image of {image}"
                )
            }
            Self::Pool { size, image } => {
                write!(
                    f,
                    "max-pooling: expected squares that fit into the image, found {size}×{size} for {image}"
                )
            }
            Self::Block { block, cause } => write!(f, "block {block} of the network: {cause}"),
            Self::Images { kind, maps, expected, found } => {
                let shape = maps.map_or(String::new(), |maps| format!(" ({maps})"));
                write!(f, "{kind} 0 expects samples of {expected} features{shape}, found {found}")
            }
            Self::Smooth { place, kind } => {
                write!(
                    f,
                    "expected layers that are linear in pieces, found {kind} as layer {place} of the sequence"
                )
            }
            Self::WholeBatch { place, kind } => {
                write!(
                    f,
                    "expected layers that look at one sample at a time, found {kind} as layer {place} of the sequence"
                )
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for NetworkError {}
