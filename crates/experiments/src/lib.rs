//! The registry of experiments, their recipes, claims, runner and data store
