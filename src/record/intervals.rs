//! Owns the form of `draws/<figure>.csv` in which a zip plot is stored: the intervals that parts of a run give for one mean each.
//!
//! The layout is the long one that `rsimsum` and `simhelpers` read in R: a row per simulated study, with its estimate, its standard error
//! and the true value.

use super::csv_text::{self, Table, count, number};
use super::fault::FileError;
use crate::numerics::text::float;
use std::path::Path;

/// What parts of a run say of the means that a figure shows.
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalsRecord {
    /// Names of the panels, one per row shown; an empty name is that of the only one.
    pub panels: Vec<String>,
    /// Panel by panel, part by part.
    pub parts: Vec<PartRecord>,
}

/// One part: consecutive replicates, as if they were all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartRecord {
    /// Index of its panel.
    pub panel: usize,
    /// Which part, from 0.
    pub part: u64,
    /// Replicates that its mean rests on.
    pub replicates: u64,
    /// The mean; none where no replicate has a number.
    pub estimate: Option<f64>,
    /// Its standard error, s / sqrt n; none where all numbers are equal.
    pub error: Option<f64>,
    /// The exact value of the mean.
    pub exact: f64,
}

const COLUMNS: [&str; 6] = ["panel", "part", "replicates", "estimate", "se", "true"];

/// The bytes of the file.
pub(super) fn write(own: &IntervalsRecord) -> Vec<u8> {
    let told = |value: Option<f64>| value.map(float).unwrap_or_default();
    let rows = own.parts.iter().map(|part| {
        vec![
            own.panels[part.panel].clone(),
            part.part.to_string(),
            part.replicates.to_string(),
            told(part.estimate),
            told(part.error),
            float(part.exact),
        ]
    });
    csv_text::write(&COLUMNS.map(str::to_owned), rows)
}

/// The intervals of the file's bytes, for these panels; `path` stands in messages.
pub(super) fn parse(path: &Path, bytes: &[u8], panels: &[String]) -> Result<IntervalsRecord, FileError> {
    let Table { header, rows } = csv_text::parse(path, bytes)?;
    if header != COLUMNS {
        let what = format!("the header is not that of intervals: {}", header.join(","));
        return Err(FileError::content(path, what));
    }
    let part = |(line, row): &(u64, Vec<String>)| {
        let unknown = || {
            FileError::content(
                path,
                format!("line {line}: no panel of the figure is called {:?}", row[0]),
            )
        };
        let missing = || FileError::content(path, format!("line {line}: true is missing"));
        Ok(PartRecord {
            panel: panels.iter().position(|own| *own == row[0]).ok_or_else(unknown)?,
            part: count(path, *line, "part", &row[1])?,
            replicates: count(path, *line, "replicates", &row[2])?,
            estimate: number(path, *line, "estimate", &row[3])?,
            error: number(path, *line, "se", &row[4])?,
            exact: number(path, *line, "true", &row[5])?.ok_or_else(missing)?,
        })
    };
    Ok(IntervalsRecord {
        panels: panels.to_vec(),
        parts: rows.iter().map(part).collect::<Result<_, _>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> IntervalsRecord {
        let part = |panel, estimate, error| PartRecord {
            panel,
            part: 3,
            replicates: 40,
            estimate,
            error,
            exact: 0.1 + 0.2,
        };
        IntervalsRecord {
            panels: vec!["1".into(), "a, \"b\"".into()],
            parts: vec![
                part(0, Some(-1e-9), Some(0.5)),
                part(1, Some(2.0), None),
                part(1, None, None),
            ],
        }
    }

    fn read(text: &str) -> Result<IntervalsRecord, String> {
        let told = |error: FileError| error.to_string().replace("zip.csv: ", "");
        parse(Path::new("zip.csv"), text.as_bytes(), &record().panels).map_err(told)
    }

    #[test]
    fn intervals_survive_writing_and_reading_bit_for_bit() {
        let text = String::from_utf8(write(&record())).unwrap();
        let expected = "panel,part,replicates,estimate,se,true\n\
            1,3,40,-1e-9,0.5,0.30000000000000004\n\
            \"a, \"\"b\"\"\",3,40,2,,0.30000000000000004\n\
            \"a, \"\"b\"\"\",3,40,,,0.30000000000000004\n";
        assert_eq!(text, expected);
        assert_eq!(read(&text), Ok(record()));
    }

    #[test]
    fn a_wrong_file_is_refused_with_what_is_wrong() {
        let start = "panel,part,replicates,estimate,se,true\n";
        for (text, says) in [
            ("a,b\n1,2\n".to_owned(), "the header is not that of intervals: a,b"),
            (
                format!("{start}2,0,40,1,1,1\n"),
                "line 2: no panel of the figure is called \"2\"",
            ),
            (format!("{start}1,-1,40,1,1,1\n"), "line 2: part: \"-1\" is not a count"),
            (format!("{start}1,0,40,1,x,1\n"), "line 2: se: \"x\" is not a number"),
            (format!("{start}1,0,40,1,1,\n"), "line 2: true is missing"),
        ] {
            assert_eq!(read(&text), Err(says.to_owned()), "{text}");
        }
    }
}
