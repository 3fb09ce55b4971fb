//! The page over all experiments drawn.
