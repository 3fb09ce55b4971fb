//! Two pictures that a user brought, instead of the painted ones.

use engine::digest::sha256;
use pictures::Picture;

/// Two pictures that a user brought.
#[derive(Debug)]
pub struct Brought {
    /// The one that is recoloured, and the one whose colours it gets.
    pub pair: [Picture; 2],
    /// Digest of both: sizes, layouts, depths, samples.
    pub digest: String,
}

impl Brought {
    /// These pictures, with their digest.
    pub fn new(pair: [Picture; 2]) -> Self {
        let digests = pair.each_ref().map(|picture| format!("{picture}: {}", sha256(picture.samples())));
        let digest = sha256(digests.join("\n").as_bytes());
        Self { pair, digest }
    }
}
