//! What the compiled module does for a script, and what the script calls it.

/// One call, with up to two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Forgets all letters.
    ClearLetters,
    /// `(bits)`: adds all drawings of the characters whose bits are set.
    AddDrawn,
    /// Adds a letter of the reader's own, all white.
    AddBlank,
    /// `(pixel)`: inks a pixel of the last letter.
    Ink,
    /// How many letters there are.
    Letters,
    /// `(letter, pixel)`: a pixel of a letter.
    Letter,
    /// `(seed, hidden)`: a fresh machine for these letters.
    Begin,
    /// One epoch; its loss, or NaN once the machine has diverged.
    Epoch,
    /// Looks at the receptive fields as they are now.
    Look,
    /// `(unit, pixel)`: the weight between a pixel and a hidden unit, when `Look` was last called.
    Weight,
    /// `(chains, sweeps)`: draws with so many chains of so many Gibbs steps.
    Dream,
    /// `(chain, pixel)`: a pixel of what was drawn, from 0 to 1.
    Dreamt,
    /// Writes the weights as a file into memory; its length in bytes.
    WriteFile,
    /// `(place)`: a byte of that file.
    FileByte,
    /// `(place)`: a hexadecimal digit of that file's SHA-256, as the number of its character.
    DigestDigit,
}

impl Operation {
    /// All of them; the place in this list is the number that a script says.
    pub const ALL: [Self; 15] = [
        Self::ClearLetters,
        Self::AddDrawn,
        Self::AddBlank,
        Self::Ink,
        Self::Letters,
        Self::Letter,
        Self::Begin,
        Self::Epoch,
        Self::Look,
        Self::Weight,
        Self::Dream,
        Self::Dreamt,
        Self::WriteFile,
        Self::FileByte,
        Self::DigestDigit,
    ];

    /// What the script calls it: `addDrawn`.
    pub(crate) fn script_name(self) -> String {
        let name = format!("{self:?}");
        name[..1].to_lowercase() + &name[1..]
    }
}
