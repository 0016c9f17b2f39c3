//! Owns the formats, and how a file's name or its first bytes tell them.

use std::path::Path;

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A header row and rows of fields with commas between, quotes where needed (RFC 4180).
    Csv,
    /// The same with tabs between.
    Tsv,
    /// One JSON object per line.
    Jsonl,
    /// One array of JSON objects, or objects one after the other over any lines.
    Json,
}

impl Format {
    /// Every format, in the order of help texts.
    pub const ALL: [Format; 4] = [Format::Csv, Format::Tsv, Format::Jsonl, Format::Json];

    /// The name in help texts.
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Jsonl => "jsonl",
            Format::Json => "json",
        }
    }

    /// The format that a file's ending tells, in any case; `.gz` or `.zst` after it does not matter.
    pub fn of(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Format::Csv),
            "tsv" | "tab" => Some(Format::Tsv),
            "jsonl" | "ndjson" => Some(Format::Jsonl),
            "json" => Some(Format::Json),
            // Its rows are read as such, with the feature `parquet`.
            "parquet" => Some(Format::Jsonl),
            "gz" | "zst" => Format::of(Path::new(path.file_stem()?)),
            _ => None,
        }
    }

    /// Whether it is a header and fields.
    pub fn is_table(self) -> bool {
        matches!(self, Format::Csv | Format::Tsv)
    }

    /// Whether it is objects.
    pub fn is_json(self) -> bool {
        !self.is_table()
    }

    /// The format that the first bytes look like.
    pub(super) fn of_bytes(start: &[u8]) -> Format {
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
        let next = |start: &[u8]| start.get(1..).unwrap_or_default().trim_ascii_start().first().copied();
        match start.first() {
            Some(b'[') if matches!(next(start), Some(b'{' | b']') | None) => Format::Json,
            Some(b'{') if matches!(next(start), Some(b'"' | b'}') | None) => Format::Jsonl,
            _ => match delimiter(start) {
                b'\t' => Format::Tsv,
                _ => Format::Csv,
            },
        }
    }
}

/// What stands between the fields of a header: the first of comma, tab and semicolon that it holds.
pub(super) fn delimiter(start: &[u8]) -> u8 {
    let header = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let held = |byte: &u8| header.contains(byte);
    [b',', b'\t', b';'].into_iter().find(held).unwrap_or(b',')
}
