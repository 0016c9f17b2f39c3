//! The studies' workers against slow and plain implementations of the same definitions: one replicate, prompt and response
//! at a time, from scalar streams and an urn with a list of what it gave.

mod choice;
mod plain;
mod selection;
mod training;
