//! Owns the two formats and how a file's name tells them.

use std::path::Path;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A header row and one row per candidate; commas between fields, quotes where needed (RFC 4180).
    Csv,
    /// One JSON object per line and candidate.
    Jsonl,
}

impl Format {
    /// Every format, in the order of help texts.
    pub const ALL: [Format; 2] = [Format::Csv, Format::Jsonl];

    /// The name in help texts.
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Jsonl => "jsonl",
        }
    }

    /// The format that a file's ending tells: `.csv`, `.jsonl` or `.ndjson`, in any case.
    pub fn of(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Format::Csv),
            "jsonl" | "ndjson" => Some(Format::Jsonl),
            _ => None,
        }
    }
}
