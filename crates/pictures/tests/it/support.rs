//! A PNG writer that shares nothing with the crate: stored or run-length deflate, Adam7, any chunks.

/// CRC-32 of the specification's annex D, bit by bit.
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

fn adler(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1u32, 0u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

/// A zlib stream of stored blocks.
pub fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = bytes.chunks(65_535).count().max(1);
    for k in 0..blocks {
        let block = &bytes[k * 65_535..bytes.len().min((k + 1) * 65_535)];
        let length = block.len() as u16;
        out.push(u8::from(k + 1 == blocks));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend(adler(bytes).to_be_bytes());
    out
}

/// A zlib stream of `1 + 258 · runs` zeros, at 1000 to 1: one literal, then copies of the byte before.
pub fn zeros(runs: usize) -> Vec<u8> {
    let (mut bits, mut out) = (Vec::new(), vec![0x78, 0x01]);
    bits.extend([1, 1, 0]); // last block, fixed codes
    bits.extend([0, 0, 1, 1, 0, 0, 0, 0]); // the literal 0
    for _ in 0..runs {
        bits.extend([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]); // length 258, distance 1
    }
    bits.extend([0; 7]); // end of block
    out.extend(bits.chunks(8).map(|byte| byte.iter().enumerate().fold(0u8, |sum, (k, bit)| sum | bit << k)));
    out.extend(adler(&vec![0; 1 + 258 * runs]).to_be_bytes());
    out
}

pub fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&kind[..], data].concat();
    [&(data.len() as u32).to_be_bytes()[..], &body, &crc(&body).to_be_bytes()].concat()
}

/// What a header says.
#[derive(Clone, Copy)]
pub struct Head {
    pub width: u32,
    pub height: u32,
    pub bits: u8,
    pub kind: u8,
    pub interlaced: bool,
}

impl Head {
    pub fn new(width: u32, height: u32, bits: u8, kind: u8) -> Self {
        Self { width, height, bits, kind, interlaced: false }
    }

    pub fn chunk(&self) -> Vec<u8> {
        let (width, height) = (self.width.to_be_bytes(), self.height.to_be_bytes());
        chunk(
            b"IHDR",
            &[&width[..], &height, &[self.bits, self.kind, 0, 0, u8::from(self.interlaced)]].concat(),
        )
    }

    /// A file with `more` chunks between header and data.
    pub fn file(&self, more: &[Vec<u8>], zlib: &[u8]) -> Vec<u8> {
        let (data, end) = (chunk(b"IDAT", zlib), chunk(b"IEND", &[]));
        [b"\x89PNG\r\n\x1a\n".to_vec(), self.chunk(), more.concat(), data, end].concat()
    }

    fn bits_per_pixel(&self) -> usize {
        let channels = match self.kind {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        channels * usize::from(self.bits)
    }

    /// A file with these pixels, each a number of as many bits as a pixel has.
    pub fn picture(&self, more: &[Vec<u8>], pixel: impl Fn(usize, usize) -> u64) -> Vec<u8> {
        let (width, height) = (self.width as usize, self.height as usize);
        let mut raw = Vec::new();
        let mut pass = |x0: usize, y0: usize, dx: usize, dy: usize| {
            for y in (y0..height).step_by(dy) {
                let mut bits = Vec::new();
                for x in (x0..width).step_by(dx) {
                    let value = pixel(x, y);
                    bits.extend((0..self.bits_per_pixel()).rev().map(|k| (value >> k & 1) as u8));
                }
                if bits.is_empty() {
                    continue;
                }
                raw.push(0); // no filter
                raw.extend(
                    bits.chunks(8)
                        .map(|byte| byte.iter().enumerate().fold(0u8, |sum, (k, bit)| sum | bit << (7 - k))),
                );
            }
        };
        if self.interlaced {
            pass(0, 0, 8, 8);
            pass(4, 0, 8, 8);
            pass(0, 4, 4, 8);
            pass(2, 0, 4, 4);
            pass(0, 2, 2, 4);
            pass(1, 0, 2, 2);
            pass(0, 1, 1, 2);
        } else {
            pass(0, 0, 1, 1);
        }
        self.file(more, &stored(&raw))
    }
}

/// SplitMix64 of a number.
pub fn scramble(z: u64) -> u64 {
    let z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
