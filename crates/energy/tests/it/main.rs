//! Tests of the energy models.
