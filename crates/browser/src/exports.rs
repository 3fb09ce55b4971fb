//! What a script may call: one door, through which an operation and two numbers go in and a number comes out. The one session of
//! the page is kept behind it.
//!
//! The function that keeps its name in the compiled module needs an attribute that counts as unsafe, since two functions of one
//! name would clash when linked. It is the only one, and no pointer crosses the border. An index out of range traps, and the script
//! says so.

use std::cell::RefCell;

use datasets::Images;
use tensor::Matrix;

use crate::letters::{HEIGHT, WIDTH, drawn};
use crate::operation::Operation;
use crate::session::Session;

const PIXELS: usize = HEIGHT * WIDTH;

#[derive(Default)]
struct State {
    drawn: Option<Images>,
    /// The pixels of all letters to be learnt, letter after letter.
    letters: Vec<f32>,
    session: Option<Session>,
    /// What was last asked for: receptive fields, samples, the file of weights and its digest.
    fields: Option<Matrix>,
    samples: Option<Matrix>,
    file: Vec<u8>,
    digest: String,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// Operation number `operation` of [`Operation::ALL`] with its two numbers; what it gives, or 0.
#[expect(unsafe_code, reason = "an exported name is an unsafe attribute, whatever the function does")]
#[unsafe(no_mangle)]
pub extern "C" fn call(operation: u32, a: f64, b: f64) -> f64 {
    STATE.with_borrow_mut(|state| state.call(Operation::ALL[operation as usize], a, b))
}

impl State {
    fn call(&mut self, operation: Operation, a: f64, b: f64) -> f64 {
        let (first, second) = (a as usize, b as usize);
        match operation {
            Operation::ClearLetters => self.letters.clear(),
            Operation::AddDrawn => self.add_drawn(a as u64),
            Operation::AddBlank => self.letters.resize(self.letters.len() + PIXELS, 0.0),
            Operation::Ink => {
                let begin = self.letters.len() - PIXELS;
                self.letters[begin..][first] = 1.0;
            }
            Operation::Letters => return (self.letters.len() / PIXELS) as f64,
            Operation::Letter => return self.letters[first * PIXELS..][second].into(),
            Operation::Begin => {
                let letters = Matrix::from_vec(PIXELS, self.letters.len() / PIXELS, self.letters.clone());
                self.session = Some(Session::new(a as u64, &letters, second));
            }
            Operation::Epoch => return self.session().epoch().unwrap_or(f64::NAN),
            Operation::Look => self.fields = Some(self.session().rbm().weights),
            Operation::Weight => {
                let fields = self.fields.as_ref().expect("look was called");
                return fields.column(first)[second].into();
            }
            Operation::Dream => self.samples = Some(self.session().samples(first, second)),
            Operation::Dreamt => {
                let samples = self.samples.as_ref().expect("dream was called");
                return samples.column(first)[second].into();
            }
            Operation::WriteFile => {
                (self.file, self.digest) = (self.session().weights(), self.session().digest());
                return self.file.len() as f64;
            }
            Operation::FileByte => return self.file[first].into(),
            Operation::DigestDigit => return self.digest.as_bytes()[first].into(),
        }
        0.0
    }

    fn session(&mut self) -> &mut Session {
        self.session.as_mut().expect("begin was called")
    }

    /// Adds all drawings of the characters whose bits are set, in the stand-in's own order; bit 10 is A.
    fn add_drawn(&mut self, bits: u64) {
        let labels: Vec<u8> = (0..36).filter(|label| bits >> label & 1 == 1).collect();
        let images = self.drawn.get_or_insert_with(drawn);
        self.letters.extend(images.to_matrix(&images.of_classes(&labels)).as_slice());
    }
}
