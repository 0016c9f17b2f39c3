//! Owns the compression of the output, where its name asks for it.

use super::out::Out;
use crate::cli::CliError;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};
use std::path::Path;

/// An output as it is, or compressed.
pub(super) enum Packed {
    Plain(Out),
    Gzip(Box<GzEncoder<Out>>),
}

impl Packed {
    /// As the name says.
    pub fn new(path: &Path, out: Out) -> Self {
        match path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz")) {
            true => Packed::Gzip(Box::new(GzEncoder::new(out, Compression::default()))),
            false => Packed::Plain(out),
        }
    }

    /// Refuses names that promise what is not written.
    pub fn check(path: &Path) -> Result<(), CliError> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some(ending @ ("zst" | "parquet")) => Err(CliError::Input(format!(
                "--out {}: .{ending} is read and not written: name a file that ends in .gz, or in none of them",
                path.display()
            ))),
            _ => Ok(()),
        }
    }

    /// Ends what is compressed.
    pub fn finish(self) -> io::Result<Out> {
        match self {
            Packed::Plain(out) => Ok(out),
            Packed::Gzip(packed) => packed.finish(),
        }
    }
}

impl Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Packed::Plain(out) => out.write(bytes),
            Packed::Gzip(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Packed::Plain(out) => out.flush(),
            Packed::Gzip(out) => out.flush(),
        }
    }
}
