//! Where the data are, and how they get here.
//!
//! Looked up in this order: the folder the user names, the environment variable [`ENVIRONMENT`], `data/`; in each also
//! in `mnist` and in torchvision's `MNIST/raw`, gzipped or not, under any spelling of their names. What has the name and is not
//! the file is passed over for one that is, and said; what nearly has the name is named. What is missing is downloaded ([`download`]) and kept
//! in `data/`; everything is held against the [`Checksums`] each time it is read. Without data and network the stand-in
//! is drawn, unless [`Policy::Real`] refuses. A data set that is not asked for is not touched.
//!
//! ```text
//! Options → locate → search: inflate, check → (download → keep) → parse → Loaded { images, source, digest }
//! ```

mod checksums;
mod download;
mod home;
mod keep;
mod load;
mod locate;
mod missing;
mod nearby;
mod options;
mod search;
mod verbs;

pub use checksums::{Checksums, Dataset, Entry, content_digest};
pub use load::{Loaded, LoadedMnist, Source, load_alphadigits, load_mnist};
pub use locate::{Located, Origin, in_the_way, places};
pub use missing::Missing;
pub use options::{ENVIRONMENT, Network, Options, Patience, Policy, Say};
pub use verbs::{Checked, Fetched, Got, State, Whereabouts, fetch, verify, where_is, write_standin};
