//! Named tensors to bytes and back, in the safetensors format; bytes only, no files.
//!
//! A writer's bytes must not depend on a hash map's order, and the crate's metadata is one: exactly one metadata
//! key is written, `glyphlab`, whose value the caller makes canonical. A reader refuses what does not fit, and NaN.

use std::collections::HashMap;
use std::fmt;

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use crate::Parameters;

/// The largest header that is read, in bytes: far above any model here, far below a machine's memory.
pub const MAX_HEADER: u64 = 16 << 20;

const METADATA_KEY: &str = "glyphlab";

/// The counter under which a snapshot's epoch is written; no other tensor may have this name.
const EPOCH: &str = "epoch";

/// The values of one tensor.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// 32-bit floats.
    F32(Vec<f32>),
    /// 64-bit counters.
    U64(Vec<u64>),
    /// Bytes: binary states, pixels.
    U8(Vec<u8>),
}

/// A named tensor with a row-major shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Dotted name.
    pub name: String,
    /// Row-major shape; empty for a scalar.
    pub shape: Vec<usize>,
    /// The values, row-major.
    pub values: Values,
}

impl Tensor {
    /// A tensor of 32-bit floats.
    pub fn from_f32(name: impl Into<String>, shape: Vec<usize>, values: Vec<f32>) -> Self {
        Self { name: name.into(), shape, values: Values::F32(values) }
    }

    /// A tensor of 64-bit counters.
    pub fn from_u64(name: impl Into<String>, shape: Vec<usize>, values: Vec<u64>) -> Self {
        Self { name: name.into(), shape, values: Values::U64(values) }
    }

    /// A tensor of bytes.
    pub fn from_u8(name: impl Into<String>, shape: Vec<usize>, values: Vec<u8>) -> Self {
        Self { name: name.into(), shape, values: Values::U8(values) }
    }

    /// The parameters of a model as tensors, each name under `prefix` (none when empty).
    pub fn list(model: &impl Parameters, prefix: &str) -> Vec<Self> {
        let named = |name: String| if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        model
            .params()
            .into_iter()
            .map(|p| Self::from_f32(named(p.name), p.shape, p.values.to_vec()))
            .collect()
    }

    /// The same tensor inside a larger whole: `prefix.name`.
    pub fn under(mut self, prefix: &str) -> Self {
        self.name = format!("{prefix}.{}", self.name);
        self
    }

    /// The row-major index of the first float that is not finite.
    fn first_non_finite(&self) -> Option<usize> {
        match &self.values {
            Values::F32(values) => values.iter().position(|x| !x.is_finite()),
            Values::U64(_) | Values::U8(_) => None,
        }
    }

    fn bytes(&self) -> (Dtype, Vec<u8>) {
        match &self.values {
            Values::F32(v) => (Dtype::F32, v.iter().flat_map(|x| x.to_le_bytes()).collect()),
            Values::U64(v) => (Dtype::U64, v.iter().flat_map(|x| x.to_le_bytes()).collect()),
            Values::U8(v) => (Dtype::U8, v.clone()),
        }
    }
}

/// All state of a training run at the end of an epoch; also any set of named tensors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Epochs done. Written as the counter `epoch` unless 0, so that a plain file of weights has none.
    pub epoch: usize,
    /// Parameters, optimiser state, chains.
    pub tensors: Vec<Tensor>,
}

/// Why bytes are not the tensors that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TensorError {
    /// The bytes are not safetensors.
    Format {
        /// Where the trouble was seen.
        offset: u64,
        /// What was expected there, and found.
        detail: String,
    },
    /// A tensor is missing.
    Missing {
        /// Its name.
        name: String,
    },
    /// A tensor has another shape or element type.
    Shape {
        /// Its name.
        name: String,
        /// What the model needs.
        expected: String,
        /// What the file holds.
        found: String,
    },
    /// A tensor holds NaN or an infinity.
    NotFinite {
        /// Its name.
        name: String,
        /// Row-major index of the first such value.
        index: usize,
        /// Byte offset of that value in the file; `None` if it was found in memory.
        offset: Option<u64>,
    },
}

/// One line, whatever the names in the file, and the words of the parser that quotes them, are made of.
impl fmt::Display for TensorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Format { offset, detail } => format!("byte {offset}: not a safetensors file: {detail}"),
            Self::Missing { name } => {
                format!("byte 8: expected a tensor named {name}, found none in the header")
            }
            Self::Shape { name, expected, found } => {
                format!("byte 8: tensor {name}: expected {expected}, found {found}")
            }
            Self::NotFinite { name, index, offset } => {
                let place = offset.map_or_else(String::new, |offset| format!("byte {offset}: "));
                format!(
                    "{place}tensor {name}: expected finite values, found NaN or infinity at index {index}"
                )
            }
        };
        text.chars().try_for_each(|character| match character.is_control() {
            true => write!(f, "{}", character.escape_default()),
            false => write!(f, "{character}"),
        })
    }
}

impl std::error::Error for TensorError {}

impl Snapshot {
    /// The tensors whose names are under `prefix`, without it: what one of several models wrote.
    pub fn part(&self, prefix: &str) -> Self {
        let own = |tensor: &Tensor| {
            let name = tensor.name.strip_prefix(prefix)?.strip_prefix('.')?.to_owned();
            Some(Tensor { name, ..tensor.clone() })
        };
        Self { epoch: self.epoch, tensors: self.tensors.iter().filter_map(own).collect() }
    }

    /// Serialises to safetensors bytes; `metadata` (canonical JSON, say) becomes the value of the one metadata key.
    pub fn encode(&self, metadata: &str) -> Vec<u8> {
        let epoch = (self.epoch > 0).then(|| Tensor::from_u64(EPOCH, vec![], vec![self.epoch as u64]));
        let data: Vec<_> = self.tensors.iter().chain(&epoch).map(|t| (t, t.bytes())).collect();
        let views = data.iter().map(|(t, (dtype, bytes))| {
            let view = TensorView::new(*dtype, t.shape.clone(), bytes);
            (t.name.as_str(), view.expect("a tensor holds as many values as its shape says"))
        });
        let metadata =
            (!metadata.is_empty()).then(|| HashMap::from([(METADATA_KEY.to_owned(), metadata.to_owned())]));
        safetensors::serialize(views, metadata).expect("names are distinct and views are valid")
    }

    /// Reads safetensors bytes; gives the tensors sorted by name, and the metadata's one value (empty if absent).
    ///
    /// # Errors
    /// If the bytes are not safetensors, hold an element type other than F32, U64 and U8, or a float that is not
    /// finite (nothing here ever writes one).
    pub fn decode(bytes: &[u8]) -> Result<(Self, String), TensorError> {
        let (snapshot, metadata) = Self::decode_as_is(bytes)?;
        snapshot.check_finite().map_err(|error| located(error, bytes))?;
        Ok((snapshot, metadata))
    }

    /// [`Snapshot::decode`] of bytes that are to be looked at and not used: floats may be NaN or infinite.
    ///
    /// # Errors
    /// If the bytes are not safetensors, or hold an element type other than F32, U64 and U8.
    pub fn decode_as_is(bytes: &[u8]) -> Result<(Self, String), TensorError> {
        let format = |offset: u64, detail: String| TensorError::Format { offset, detail };
        let length = bytes.first_chunk::<8>().map(|b| u64::from_le_bytes(*b));
        let length = length
            .ok_or_else(|| format(0, format!("expected 8 bytes of header length, found {}", bytes.len())))?;
        if length > MAX_HEADER || length > bytes.len() as u64 - 8 {
            let room = MAX_HEADER.min(bytes.len() as u64 - 8);
            return Err(format(
                0,
                format!("expected a header of at most {room} bytes, found a length of {length}"),
            ));
        }
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| format(8, e.to_string()))?;
        let file = SafeTensors::deserialize(bytes).map_err(|e| format(8, e.to_string()))?;
        let metadata =
            header.metadata().as_ref().and_then(|m| m.get(METADATA_KEY).cloned()).unwrap_or_default();
        let mut snapshot = Self::default();
        for (name, view) in file.iter() {
            let values = match view.dtype() {
                Dtype::F32 => Values::F32(chunks(view.data()).map(f32::from_le_bytes).collect()),
                Dtype::U64 => Values::U64(chunks(view.data()).map(u64::from_le_bytes).collect()),
                Dtype::U8 => Values::U8(view.data().to_vec()),
                other => {
                    return Err(format(8, format!("expected F32, U64 or U8 for {name}, found {other:?}")));
                }
            };
            let tensor = Tensor { name: name.to_owned(), shape: view.shape().to_vec(), values };
            match &tensor.values {
                Values::U64(count) if name == EPOCH && count.len() == 1 => snapshot.epoch = count[0] as usize,
                _ => snapshot.tensors.push(tensor),
            }
        }
        snapshot.tensors.sort_by(|a, b| a.name.cmp(&b.name));
        Ok((snapshot, metadata))
    }

    /// Refuses NaN and infinities, naming tensor and index: before writing, since [`Snapshot::decode`] refuses too.
    ///
    /// # Errors
    /// If a 32-bit float is not finite.
    pub fn check_finite(&self) -> Result<(), TensorError> {
        for tensor in &self.tensors {
            if let Some(index) = tensor.first_non_finite() {
                return Err(TensorError::NotFinite { name: tensor.name.clone(), index, offset: None });
            }
        }
        Ok(())
    }

    /// The tensor of that name and row-major shape.
    ///
    /// # Errors
    /// If there is none, or its shape is another.
    pub fn shaped(&self, name: &str, shape: &[usize]) -> Result<&Tensor, TensorError> {
        let tensor = self.tensor(name)?;
        if tensor.shape == shape {
            return Ok(tensor);
        }
        let (expected, found) = (format!("shape {shape:?}"), format!("shape {:?}", tensor.shape));
        Err(TensorError::Shape { name: name.to_owned(), expected, found })
    }

    /// The tensor of that name.
    ///
    /// # Errors
    /// If there is none.
    pub fn tensor(&self, name: &str) -> Result<&Tensor, TensorError> {
        let missing = || TensorError::Missing { name: name.to_owned() };
        self.tensors.iter().find(|t| t.name == name).ok_or_else(missing)
    }

    /// The floats of a tensor.
    ///
    /// # Errors
    /// If it is missing or not F32.
    pub fn f32s(&self, name: &str) -> Result<&[f32], TensorError> {
        match &self.tensor(name)?.values {
            Values::F32(values) => Ok(values),
            other => Err(self.wrong_type(name, "F32", other)),
        }
    }

    /// The bytes of a tensor.
    ///
    /// # Errors
    /// If it is missing or not U8.
    pub fn bytes(&self, name: &str) -> Result<&[u8], TensorError> {
        match &self.tensor(name)?.values {
            Values::U8(values) => Ok(values),
            other => Err(self.wrong_type(name, "U8", other)),
        }
    }

    /// The counters of a tensor.
    ///
    /// # Errors
    /// If it is missing, empty or not U64.
    pub fn u64s(&self, name: &str) -> Result<&[u64], TensorError> {
        match &self.tensor(name)?.values {
            Values::U64(values) if !values.is_empty() => Ok(values),
            other => Err(self.wrong_type(name, "U64", other)),
        }
    }

    /// Copies the tensors under `prefix` into a model of the same shapes: all of them, or none.
    ///
    /// # Errors
    /// If one is missing or of another shape or type; the model is as before.
    pub fn write_into(&self, model: &mut impl Parameters, prefix: &str) -> Result<(), TensorError> {
        let named = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        for param in model.params() {
            let name = named(&param.name);
            self.shaped(&name, &param.shape)?;
            self.f32s(&name)?;
        }
        for param in model.params_mut() {
            param.values.copy_from_slice(self.f32s(&named(&param.name))?);
        }
        Ok(())
    }

    fn wrong_type(&self, name: &str, expected: &str, found: &Values) -> TensorError {
        let found = match found {
            Values::F32(_) => "F32",
            Values::U64(_) => "U64",
            Values::U8(_) => "U8",
        };
        TensorError::Shape {
            name: name.to_owned(),
            expected: format!("values of type {expected}"),
            found: found.into(),
        }
    }
}

/// The same error with the place in the file of a value that is not finite.
fn located(error: TensorError, bytes: &[u8]) -> TensorError {
    match (error, SafeTensors::read_metadata(bytes)) {
        (TensorError::NotFinite { name, index, .. }, Ok((length, header))) => {
            let start = header.info(&name).map_or(0, |info| info.data_offsets.0);
            let offset = Some((8 + length + start + 4 * index) as u64);
            TensorError::NotFinite { name, index, offset }
        }
        (error, _) => error,
    }
}

fn chunks<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; N]> {
    bytes.as_chunks::<N>().0.iter().copied()
}
