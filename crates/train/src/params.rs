//! The one view of a model that training needs: its parameters as named, shaped slices.

/// What moves a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Kind {
    /// An update rule, against its gradient.
    #[default]
    Learned,
    /// A running average of what mini-batches show, as batch normalisation keeps it. In a gradient it holds the value
    /// of this mini-batch, and a step is `θ ← (1 − momentum) · θ + momentum · value`, whatever the rule.
    Average {
        /// Weight of the newest value.
        momentum: f32,
    },
}

/// A named, shaped view of one parameter. On disk the bytes are row-major under `shape`; a weight matrix
/// `fan_in × fan_out` in column-major memory therefore carries the shape `[fan_out, fan_in]`, as PyTorch has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Param<S> {
    /// Dotted name, as PyTorch would write it: `rbms.0.W`.
    pub name: String,
    /// Row-major shape on disk.
    pub shape: Vec<usize>,
    /// The values.
    pub values: S,
    /// What moves it.
    pub kind: Kind,
}

impl<S> Param<S> {
    /// A view of `values` under a name and a row-major shape.
    pub fn new(name: impl Into<String>, shape: impl Into<Vec<usize>>, values: S) -> Self {
        Self { name: name.into(), shape: shape.into(), values, kind: Kind::Learned }
    }

    /// The same as a running average.
    pub fn average(self, momentum: f32) -> Self {
        Self { kind: Kind::Average { momentum }, ..self }
    }

    fn is_learned(&self) -> bool {
        self.kind == Kind::Learned
    }

    /// The same parameter inside a larger model: `prefix.name`.
    pub fn under(mut self, prefix: &str) -> Self {
        self.name = format!("{prefix}.{}", self.name);
        self
    }
}

/// A model, or a gradient, seen as its parameters. `params` and `params_mut` list the same ones in the same order.
pub trait Parameters {
    /// The parameters, in a fixed order.
    fn params(&self) -> Vec<Param<&[f32]>>;

    /// The same parameters, to be written.
    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>>;

    /// A value of the same type and shapes with every parameter zero.
    fn zeros_like(&self) -> Self
    where
        Self: Clone,
    {
        let mut zeros = self.clone();
        zeros.scale(0.0);
        zeros
    }

    /// Multiplies every parameter by `factor`; a factor of 0 clears NaN too.
    fn scale(&mut self, factor: f32) {
        for param in self.params_mut() {
            if factor == 0.0 {
                param.values.fill(0.0);
            } else {
                param.values.iter_mut().for_each(|x| *x *= factor);
            }
        }
    }

    /// `self ← self + alpha · other`.
    ///
    /// # Panics
    /// If `other` has more or fewer parameters, or one of another shape.
    fn axpy(&mut self, alpha: f32, other: &Self)
    where
        Self: Sized,
    {
        let (into, from) = (self.params_mut(), other.params());
        assert_eq!(into.len(), from.len(), "{} parameters against {}", into.len(), from.len());
        for (into, from) in into.into_iter().zip(from) {
            assert_eq!(into.shape, from.shape, "{}: {:?} against {:?}", into.name, into.shape, from.shape);
            for (x, y) in into.values.iter_mut().zip(from.values) {
                *x += alpha * y;
            }
        }
    }

    /// Limits every learned parameter to `[-bound, bound]`.
    fn clamp(&mut self, bound: f32) {
        for param in self.params_mut().into_iter().filter(Param::is_learned) {
            param.values.iter_mut().for_each(|x| *x = x.clamp(-bound, bound));
        }
    }

    /// The Euclidean norm over all learned parameters, accumulated in `f64`.
    fn norm(&self) -> f64 {
        let learned = self.params().into_iter().filter(Param::is_learned);
        learned.map(|p| p.values.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>()).sum::<f64>().sqrt()
    }

    /// The number of parameters, running averages included.
    fn count(&self) -> usize {
        self.params().iter().map(|p| p.values.len()).sum()
    }

    /// The name of the first parameter that holds a NaN or an infinity.
    fn first_non_finite(&self) -> Option<String> {
        self.params().into_iter().find(|p| !tensor::all_finite(p.values)).map(|p| p.name)
    }
}
