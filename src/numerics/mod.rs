//! The numeric floor: portable elementary functions, eight fixed lanes, keyed random streams.
//!
//! Everything here gives the same bits on every 64-bit little-endian machine, with or without AVX or FMA (law 1).
//! It never calls the platform's maths library, reads a clock, or knows of files, TOML or the terminal.
//!
//! - [`lanes`]: eight lanes and the dispatch of one kernel to SSE2, AVX2 and AVX-512 code.
//! - [`elementary`]: exp, ln and their kin, over scalars and slices.
//! - [`special`]: the gamma, beta and normal families, and normal draws by inversion.

pub mod elementary;
pub mod lanes;
pub mod special;
