//! Owns `curves.csv`: every point of the curves of theory that figures draw, and their marks.

use super::csv_text::{self, Table, number};
use super::fault::FileError;
use crate::numerics::text::float;
use std::path::Path;

/// What a point belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CurveKind {
    /// A curve of exact values.
    Exact,
    /// A curve of other values of theory, which has a name.
    Reference,
    /// A level that a series cannot fall below: it has no x.
    Floor,
    /// A place on the horizontal axis, which has a name: it has no y.
    Place,
}

impl CurveKind {
    const ALL: [Self; 4] = [Self::Exact, Self::Reference, Self::Floor, Self::Place];

    /// The word of the file.
    fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Reference => "reference",
            Self::Floor => "floor",
            Self::Place => "place",
        }
    }
}

/// One row: a point of a curve, or a mark.
#[derive(Debug, Clone, PartialEq)]
pub struct CurveRecord {
    /// Name of the figure.
    pub figure: String,
    /// The value of the column that makes panels; empty where there is one panel.
    pub panel: String,
    /// The value of the column that makes series; empty where there is one series, or a mark is of the whole panel.
    pub series: String,
    /// What it belongs to.
    pub kind: CurveKind,
    /// What a reference or a place is called; else empty.
    pub name: String,
    /// Where it stands on the horizontal axis.
    pub x: Option<f64>,
    /// Where it stands on the vertical axis.
    pub y: Option<f64>,
}

/// The columns, each with what it holds.
pub const COLUMNS: [(&str, &str); 7] = [
    ("figure", "name of the figure that draws it"),
    (
        "panel",
        "the value of the column that makes panels; empty where there is one panel",
    ),
    (
        "series",
        "the value of the column that makes series; empty where there is one, or a mark is of the whole panel",
    ),
    (
        "curve",
        "`exact` or `reference`: points of a curve; `floor`: a level; `place`: a mark on the horizontal axis",
    ),
    ("name", "what a reference or a place is called"),
    ("x", "place on the horizontal axis; empty for a level"),
    (
        "y",
        "place on the vertical axis; empty for a mark on the horizontal one",
    ),
];

/// The bytes of the file.
pub fn write_curves(records: &[CurveRecord]) -> Vec<u8> {
    let maybe = |x: Option<f64>| x.map(float).unwrap_or_default();
    let row = |own: &CurveRecord| {
        let texts = [&own.figure, &own.panel, &own.series].map(Clone::clone);
        let kind = [own.kind.word().to_owned(), own.name.clone()];
        texts.into_iter().chain(kind).chain([own.x, own.y].map(maybe)).collect()
    };
    let header = COLUMNS.map(|(name, _)| name.to_owned());
    csv_text::write(&header, records.iter().map(row))
}

/// All points of the file's bytes; `path` stands in messages.
pub fn parse_curves(path: &Path, bytes: &[u8]) -> Result<Vec<CurveRecord>, FileError> {
    let Table { header, rows } = csv_text::parse(path, bytes)?;
    if header != COLUMNS.map(|(name, _)| name) {
        let what = format!("the header is not that of curves: {}", header.join(","));
        return Err(FileError::content(path, what));
    }
    let row = |(line, row): &(u64, Vec<String>)| {
        let kind = CurveKind::ALL.into_iter().find(|kind| kind.word() == row[3]);
        let unknown = || FileError::content(path, format!("line {line}: curve: {:?} is not a kind of curve", row[3]));
        Ok(CurveRecord {
            figure: row[0].clone(),
            panel: row[1].clone(),
            series: row[2].clone(),
            kind: kind.ok_or_else(unknown)?,
            name: row[4].clone(),
            x: number(path, *line, "x", &row[5])?,
            y: number(path, *line, "y", &row[6])?,
        })
    };
    rows.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: impl AsRef<[u8]>) -> Result<Vec<CurveRecord>, String> {
        let told = |error: FileError| error.to_string().replace("curves.csv: ", "");
        parse_curves(Path::new("curves.csv"), text.as_ref()).map_err(told)
    }

    #[test]
    fn curves_survive_writing_and_reading_bit_for_bit() {
        let of = |kind, name: &str, x, y| CurveRecord {
            figure: "f".into(),
            panel: "2".into(),
            series: "a, b".into(),
            kind,
            name: name.into(),
            x,
            y,
        };
        let records = vec![
            of(CurveKind::Exact, "", Some(1.0), Some(0.1 + 0.2)),
            of(CurveKind::Reference, "first order", Some(2.0), Some(-1e-9)),
            of(CurveKind::Floor, "", None, Some(0.25)),
            of(CurveKind::Place, "K*", Some(2.5), None),
        ];
        let text = String::from_utf8(write_curves(&records)).unwrap();
        let expected = "figure,panel,series,curve,name,x,y\nf,2,\"a, b\",exact,,1,0.30000000000000004\n\
            f,2,\"a, b\",reference,first order,2,-1e-9\nf,2,\"a, b\",floor,,,0.25\nf,2,\"a, b\",place,K*,2.5,\n";
        assert_eq!(text, expected);
        assert_eq!(read(text), Ok(records));
    }

    #[test]
    fn a_wrong_file_is_refused_with_what_is_wrong() {
        let start = "figure,panel,series,curve,name,x,y\n";
        for (text, says) in [
            ("a,b\n".to_owned(), "the header is not that of curves: a,b"),
            (
                format!("{start}f,,,exact,,1,2\nf,,,exakt,,1,2\n"),
                "line 3: curve: \"exakt\" is not a kind of curve",
            ),
            (
                format!("{start}f,,,exact,,one,2\n"),
                "line 2: x: \"one\" is not a number",
            ),
        ] {
            assert_eq!(read(&text), Err(says.to_owned()), "{text}");
        }
    }
}
