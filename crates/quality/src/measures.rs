//! The values of all metrics of one set of samples, each under its name.

/// The values of all metrics, of one set of samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// Number of samples.
    pub n_samples: usize,
    /// [`Gaussian::frechet`] to all fitted images, to six digits.
    pub frechet: f64,
    /// [`Kernel::distance`], cubic, to as many fitted images.
    pub kernel_distance: f64,
    /// [`crate::KernelTest::p`] of at most 1000 samples and fitted images.
    pub kernel_p: f64,
    /// [`crate::Overlap::precision`] beside as many fitted images, as the three that follow.
    pub precision: f64,
    /// [`crate::Overlap::recall`].
    pub recall: f64,
    /// [`crate::Overlap::density`].
    pub density: f64,
    /// [`crate::Overlap::coverage`].
    pub coverage: f64,
    /// [`vendi`] of the features, to six digits.
    pub vendi: f64,
    /// [`Modes::covered`].
    pub classes_covered: usize,
    /// [`Modes::entropy`].
    pub class_entropy: f64,
    /// [`Modes::effective`].
    pub classes_effective: f64,
    /// [`Modes::variation`] from the fitted images' histogram.
    pub class_variation: f64,
    /// [`Copying::copies`] of all fitted images.
    pub copies: f64,
    /// [`Copying::ratio`].
    pub nearest_ratio: f64,
    /// [`Copying::z`].
    pub copying_z: f64,
    /// [`Support::adversarial_accuracy`] beside as many fitted images.
    pub adversarial_accuracy: f64,
}
