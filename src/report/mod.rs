//! What readers see of stored records: figures now, tables and pages later.
//!
//! Nothing here draws random numbers or calls the engine.

pub mod figure;
