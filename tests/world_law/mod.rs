//! The worlds' samplers against their exact laws: drawn tuples of responses, tested by chi-squared, and streams.
//!
//! Every kind of check has a negative control beside it: a sampler that is wrong in one place, which it must reject.

mod check;
mod clusters;
mod copies;
mod dirichlet;
mod errors;
mod mixed;
mod selection;
mod streams;
