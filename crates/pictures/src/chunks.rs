//! The chunks of a PNG, looked at without decoding: which of those that a picture can do without are damaged, where its
//! orientation stands, and whether it has a colour profile.

/// A part of a PNG.
pub(crate) struct Chunk<'a> {
    pub kind: [u8; 4],
    pub data: &'a [u8],
    /// Length, kind, data and check sum.
    whole: &'a [u8],
}

impl Chunk<'_> {
    /// Whether a picture can be shown without it.
    pub fn is_ancillary(&self) -> bool {
        self.kind[0].is_ascii_lowercase()
    }

    /// Four letters; in quotation marks if they are none, such as blanks.
    pub fn name(&self) -> String {
        let name = self.kind.escape_ascii();
        match self.kind.iter().all(u8::is_ascii_alphabetic) {
            true => name.to_string(),
            false => format!("\"{name}\""),
        }
    }

    /// Whether its check sum, CRC-32 over kind and data, is right.
    pub fn is_sound(&self) -> bool {
        let (body, sum) = self.whole[4..].split_at(4 + self.data.len());
        let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
        let crc =
            !body.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)));
        sum == crc.to_be_bytes()
    }
}

/// The whole chunks of a PNG, in their order; none after one that breaks off.
pub(crate) fn chunks(bytes: &[u8]) -> Vec<Chunk<'_>> {
    let (mut chunks, mut rest) = (Vec::new(), bytes.get(8..).unwrap_or_default());
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let Some((kind, data)) = after.split_first_chunk::<4>() else { break };
        if data.len() < 4 || length > data.len() - 4 {
            break;
        }
        chunks.push(Chunk { kind: *kind, data: &data[..length], whole: &rest[..length + 12] });
        rest = &rest[length + 12..];
    }
    chunks
}

/// The same file without some of its chunks.
pub(crate) fn without(bytes: &[u8], chunks: &[Chunk<'_>], left_out: impl Fn(&Chunk<'_>) -> bool) -> Vec<u8> {
    let kept = chunks.iter().filter(|chunk| !left_out(chunk)).flat_map(|chunk| chunk.whole);
    bytes[..8].iter().chain(kept).copied().collect()
}
