//! The readers against their writers, against damaged files, and against what the data sets promise.
#![allow(clippy::unwrap_used)]

mod alphadigits;
mod corpus;
mod damage;
mod idx;
mod images;
mod mat;
mod mnist;
mod standin;
mod support;
