//! The numeric floor: portable elementary functions, eight fixed lanes, keyed random streams.
//!
//! Everything here gives the same bits on every 64-bit little-endian machine, with or without AVX or FMA (law 1).
//! It never calls the platform's maths library, reads a clock, or knows of files, TOML or the terminal.
//!
//! - [`bytes`]: registers of 64 bytes.
//! - [`cholesky`]: factors of positive definite matrices, and what they solve.
//! - [`gram`]: sums of squares and products.
//! - [`lanes`]: eight lanes and the dispatch of one kernel to SSE2, AVX2 and AVX-512 code.
//! - [`elementary`]: exp, ln and their kin, over scalars and slices.
//! - [`lists`]: lists without repeats.
//! - [`scale`]: the scales of axes.
//! - [`softmax`]: the softmax of a row of logits.
//! - [`special`]: the gamma, beta and normal families, and normal draws by inversion.
//! - [`stream`]: counter-based random streams, a function of what they are for.
//! - [`symmetric`]: eigenvalues and eigenvectors of small symmetric matrices.
//! - [`text`]: numbers as text.
//! - [`threads`]: work spread over threads, with results in order.
//! - [`variates`]: gamma variates by rejection.

pub mod bytes;
pub mod cholesky;
pub mod elementary;
pub mod gram;
pub mod lanes;
pub mod lists;
pub mod scale;
pub mod softmax;
pub mod special;
pub mod stream;
pub mod symmetric;
pub mod text;
pub mod threads;
pub mod variates;

/// The version of everything that decides the bits of a draw or an elementary function. A change of any such bit
/// raises it, so that no stored record of another version is taken for one's own.
pub const NUMERICS_VERSION: u32 = 3;
