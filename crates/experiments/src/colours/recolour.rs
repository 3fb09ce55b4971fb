//! The colours of one picture in another: the out-of-sample map of an optimal transport between palettes.
//!
//! A palette is a sample of a picture's pixels, points of the unit cube, all of the same mass. Between the palettes of two
//! pictures a plan of least squared Euclidean cost is found, exactly or blurred by an entropy, and made into a
//! [`transport::Map`] that moves any colour as its nearest sampled one moves [Ferradans2014]; what leaves the cube is
//! clamped. Nothing is smoothed afterwards: neighbours in the picture know nothing of each other.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use anyhow::{Context, Result, anyhow, ensure};
pub use pictures::{Depth, Format, Layout, Picture, Read, begins_like_a_picture};
use tensor::Seed;
use tensor::team::Team;
pub use transport::{Certificate, Status};
use transport::{Entropic, Map, Metric, PointCost, Points, exact_until, sinkhorn_until};

/// Most colours of a palette. An entropic plan holds the square of their number, 8 bytes each.
pub const MOST_SAMPLES: usize = 10_000;

/// Largest file that is read as a picture: what most pixels take without compression, and room for the rest.
const LARGEST_FILE: u64 = 1 << 30;
/// Pixels that a thread recolours at a time, and how many times the threads that is in memory beside the picture.
const STRIP: usize = 16_384;
const STRIPS_AHEAD: usize = 8;

/// How the plan is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// The optimum, with a certificate: every colour goes to one other, or nearly so.
    Exact,
    /// Sinkhorn's iteration with weight `epsilon` of the entropy, in units of squared distance between colours in the
    /// unit cube (other programs' "regularisation"; a text's λ is its inverse). The larger, the fewer colours remain.
    Entropic {
        /// Weight, positive.
        epsilon: f64,
    },
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recolouring {
    /// Colours of a palette, drawn without replacement; all pixels of a picture that has fewer.
    pub samples: usize,
    /// How the plan is found.
    pub method: Method,
    /// Where the draw of the palettes begins.
    pub seed: u64,
}

/// A map of colours, ready for any picture.
#[derive(Clone, Debug)]
pub struct Recolourer {
    /// The sampled colours of both pictures, samples × 3, row-major, in the order of their pixels.
    pub palettes: [Vec<f64>; 2],
    /// `⟨C, P⟩` between the palettes, each of mass 1: the mean squared distance that a colour moves. From 0 to 3.
    pub cost: f64,
    /// How the solver ended.
    pub status: Status,
    /// The proof of an exact plan; none of an entropic one.
    pub certificate: Option<Certificate>,
    /// `Σ|row sums − a| + Σ|column sums − b|` of the plan.
    pub marginal_error: f64,
    map: Arc<Map>,
    colourful: bool,
}

impl Recolouring {
    /// Draws the palettes and finds the map from the colours of `from` to those of `to`.
    ///
    /// Both are drawn alike: a picture's palette and its own are the same, so that it is a fixed point. Pixels that
    /// cannot be seen, of alpha 0, are not drawn.
    ///
    /// # Errors
    /// If there are no samples or more than [`MOST_SAMPLES`], no pixel of a picture can be seen, or ε is no positive number
    /// (or one so small that costs over ε have no digits left).
    pub fn fit(&self, from: &Picture, to: &Picture) -> Result<Recolourer> {
        self.fit_until(from, to, &|| false)
    }

    /// As [`Recolouring::fit`], but `stop` is asked now and then.
    ///
    /// # Errors
    /// As [`Recolouring::fit`], and as soon as `stop` says so.
    pub fn fit_until(&self, from: &Picture, to: &Picture, stop: &dyn Fn() -> bool) -> Result<Recolourer> {
        self.fit_named([from, to], ["the first picture", "the second picture"], stop)
    }

    /// The same, with names for error messages.
    ///
    /// # Errors
    /// As [`Recolouring::fit_until`].
    pub fn fit_named(
        &self,
        [from, to]: [&Picture; 2],
        names: [&str; 2],
        stop: &dyn Fn() -> bool,
    ) -> Result<Recolourer> {
        let samples = self.samples;
        ensure!(
            (1..=MOST_SAMPLES).contains(&samples),
            "expected 1 to {MOST_SAMPLES} samples, found {samples}"
        );
        let seed = Seed::new(self.seed).child("palette", 0);
        let drawn =
            |picture, name: &str| palette(picture, samples, seed).map_err(|error| anyhow!("{name}: {error}"));
        let palettes = [drawn(from, names[0])?, drawn(to, names[1])?];
        let [sources, targets] = [Points::new(&palettes[0], 3)?, Points::new(&palettes[1], 3)?];
        let [a, b] = [sources.len(), targets.len()].map(|n| vec![1.0 / n as f64; n]);
        let cost = PointCost::new(sources, targets, Metric::SquaredEuclidean)?;
        let plan = match self.method {
            Method::Exact => exact_until(&cost, &a, &b, stop)?,
            Method::Entropic { epsilon } => sinkhorn_until(&cost, &a, &b, &Entropic::new(epsilon), stop)?,
        };
        let map = Arc::new(Map::new(sources, &plan, targets)?);
        let marginal_error = plan.marginal_error(&a, &b)?;
        let (cost, status, certificate) = (plan.cost, plan.status, plan.certificate);
        let colourful = to.layout().has_colour();
        Ok(Recolourer { palettes, cost, status, certificate, marginal_error, map, colourful })
    }
}

impl Recolourer {
    /// The layout of what [`Recolourer::apply`] makes of a picture in `layout`: the same, but grey takes on colour if the
    /// other picture has it. Grey after grey stays grey.
    pub fn layout(&self, layout: Layout) -> Layout {
        if self.colourful { layout.with_colour() } else { layout }
    }

    /// The picture with every colour moved, on `threads` threads; depth and alpha stay. `progress` is told how many pixels
    /// are done, and of how many.
    ///
    /// It takes the memory of the result and 128 Ki pixels a thread. The same bytes for any number of threads.
    ///
    /// # Panics
    /// If `threads` is 0.
    pub fn apply(
        &self,
        picture: &Picture,
        threads: usize,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Picture {
        let (pixels, layout) = (picture.pixels(), self.layout(picture.layout()));
        let mut out = Picture::black(picture.width(), picture.height(), layout, picture.depth());
        let threads = threads.min(pixels.div_ceil(STRIP));
        let slots: Arc<Vec<Slot>> = Arc::new((0..threads * STRIPS_AHEAD).map(|_| Mutex::new(None)).collect());
        let next = Arc::new(AtomicUsize::new(0));
        let team = {
            let (slots, next, map) = (Arc::clone(&slots), Arc::clone(&next), Arc::clone(&self.map));
            // Each slot is taken by one member; which one does not matter.
            let work = move |_, _| {
                while let Some(slot) = slots.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut slot = lock(slot);
                    *slot = slot.take().map(|strip| recoloured(&map, &strip, layout));
                }
            };
            Team::new(threads, Arc::new(work))
        };
        let mut done = 0;
        while done < pixels {
            let firsts: Vec<usize> = (done..pixels).step_by(STRIP).take(slots.len()).collect();
            for (slot, first) in slots.iter().zip(&firsts) {
                *lock(slot) = Some(picture.strip(*first..pixels.min(first + STRIP)));
            }
            next.store(0, Ordering::Relaxed);
            team.run(0);
            for (slot, first) in slots.iter().zip(&firsts) {
                let strip = lock(slot).take().expect("the team has taken every slot and filled it again");
                out.paste(*first, &strip);
                done = first + strip.pixels();
            }
            progress(done, pixels);
        }
        out
    }
}

/// A strip on its way to the team or back; the lock is never contended.
type Slot = Mutex<Option<Picture>>;

fn lock(slot: &Slot) -> MutexGuard<'_, Option<Picture>> {
    slot.lock().expect("the team has reported a panic before")
}

fn recoloured(map: &Map, strip: &Picture, layout: Layout) -> Picture {
    let mut colours = vec![0.0; 3 * strip.pixels()];
    strip.rgb(0..strip.pixels(), &mut colours);
    map.apply(&mut colours).expect("colours are finite, and three numbers each");
    let mut out = strip.in_layout(layout);
    out.set_rgb(0, &colours);
    out
}

/// `samples` colours of pixels that can be seen, or all of them if they are fewer: × 3, row-major.
pub(crate) fn palette(picture: &Picture, samples: usize, seed: Seed) -> Result<Vec<f64>> {
    let hidden = picture.layout().has_alpha();
    let seen = |pixel: &usize| !hidden || picture.is_visible(*pixel);
    let visible = if hidden { (0..picture.pixels()).filter(seen).count() } else { picture.pixels() };
    ensure!(visible > 0, "no pixel of the picture can be seen: expected one that is not wholly transparent");
    // Robert Floyd's way to draw some of many without replacement.
    let (mut stream, mut chosen) = (seed.stream(), BTreeSet::new());
    for last in visible.saturating_sub(samples)..visible {
        let place = stream.below(last + 1);
        if !chosen.insert(place) {
            chosen.insert(last);
        }
    }
    let mut colours = vec![0.0; 3 * chosen.len()];
    let mut visible = (0..picture.pixels()).filter(seen);
    let mut passed = 0;
    for (place, colour) in chosen.into_iter().zip(colours.chunks_exact_mut(3)) {
        let pixel = visible.nth(place - passed).expect("as many pixels were counted");
        passed = place + 1;
        picture.rgb(pixel..pixel + 1, colour);
    }
    Ok(colours)
}

/// Reads a picture from a file: a PNG, a JPEG or a WebP.
///
/// # Errors
/// If it cannot be read, is larger than any picture that is read, or is none; names the path.
pub fn open(path: &Path) -> Result<Picture> {
    open_noting(path).map(|read| read.picture)
}

/// The same, with what was turned, left out or not looked at.
///
/// # Errors
/// As [`open`].
pub fn open_noting(path: &Path) -> Result<Read> {
    let about = std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(
        about.is_file(),
        "cannot read {}: expected a picture, found something that is no file",
        path.display()
    );
    let found = about.len();
    ensure!(
        found <= LARGEST_FILE,
        "{}: expected at most {LARGEST_FILE} bytes, found {found}",
        path.display()
    );
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Picture::from_bytes(&bytes).map_err(|error| anyhow!("{}: {error}", path.display()))
}
