//! Owns `rows.csv`: one row per replicate of each scenario, arm and estimand, and `rows-summary.csv`: quantiles and trimmed means of it.
//!
//! The layout is the long one that `rsimsum` and `simhelpers` read in R: scenario and arm keys in columns, then the number of the
//! replicate, its estimate, and the true value of what it estimates.

use super::csv_text;
use crate::inference::order::{Location, Ordered};
use crate::numerics::text::float;

/// The file of rows.
pub const ROWS: &str = "rows.csv";

/// The file of quantiles and trimmed means.
pub const SUMMARY: &str = "rows-summary.csv";

/// Columns of rows after those of keys, each with what it holds; `scenario` stands before them.
pub const AFTER: [(&str, &str); 6] = [
    (
        "estimand",
        "the estimand whose estimate is the mean of these numbers; `measure.deviation` for the coordinates of a statistic less its truth",
    ),
    (
        "at",
        "step, mode, rank or cell that the estimand stands at, or the coordinate, from 0; empty where there is none",
    ),
    (
        "replicate",
        "from 0, the same for all arms of a scenario, which share its draws",
    ),
    ("estimate", "the number of this replicate; empty where it has none"),
    (
        "true",
        "the exact value of the mean of these numbers; 0 for deviations, empty where theory has none",
    ),
    (
        "status",
        "`failed` where the arm failed, `left out` where the replicate does not meet the estimand's condition; else empty",
    ),
];

/// The shares at which quantiles are told, each with the name of its column.
pub const QUANTILES: [(f64, &str); 5] = [
    (0.05, "q05"),
    (0.25, "q25"),
    (0.5, "median"),
    (0.75, "q75"),
    (0.95, "q95"),
];

/// The share that trimmed means leave out at either end.
pub const TRIM: f64 = 0.1;

/// Columns of the summary after those of keys and `estimand`, `at`.
pub const SUMMARIES: [(&str, &str); 15] = [
    (
        "replicates",
        "numbers that the row rests on: neither failed nor left out",
    ),
    ("mean", "their mean"),
    ("mean_se", "its standard error, s / sqrt n"),
    ("q05", "the 5% quantile (Hyndman and Fan 1996, definition 7)"),
    ("q05_se", "its standard error (Maritz and Jarrett 1978)"),
    ("q25", "the lower quartile"),
    ("q25_se", "its standard error"),
    ("median", "the median"),
    ("median_se", "its standard error"),
    ("q75", "the upper quartile"),
    ("q75_se", "its standard error"),
    ("q95", "the 95% quantile"),
    ("q95_se", "its standard error"),
    ("trimmed", "the mean without the lowest and the highest tenth"),
    (
        "trimmed_se",
        "its standard error (Tukey and McLaughlin 1963); this and the others are empty where all numbers that they rest on are equal",
    ),
];

/// What every row of a series holds beside the replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesRecord {
    /// Index of the scenario, from 0.
    pub scenario: u64,
    /// The swept and arm keys, in column order.
    pub cells: Vec<String>,
    /// What its mean estimates.
    pub estimand: String,
    /// Where that stands, or the coordinate.
    pub at: String,
    /// The exact value of the mean.
    pub exact: Option<f64>,
}

/// One number of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RowValue {
    /// The number.
    Is(f64),
    /// The arm failed.
    Failed,
    /// The replicate does not meet the estimand's condition.
    LeftOut,
}

/// The rows of one series, ready to be written: what all of them share is put into text once.
#[derive(Debug, Clone)]
pub struct RowWriter {
    before: Vec<u8>,
    exact: String,
}

/// The header of `rows.csv`; `keys` names the cells.
pub fn rows_header(keys: &[String]) -> Vec<u8> {
    csv_text::write(&header(keys, AFTER.map(|(name, _)| name)), std::iter::empty())
}

fn header<const N: usize>(keys: &[String], after: [&str; N]) -> Vec<String> {
    let mut header = vec!["scenario".to_owned()];
    header.extend(keys.iter().cloned());
    header.extend(after.map(str::to_owned));
    header
}

impl SeriesRecord {
    fn before(&self) -> Vec<String> {
        let mut row = vec![self.scenario.to_string()];
        row.extend(self.cells.iter().cloned());
        row.extend([self.estimand.clone(), self.at.clone()]);
        row
    }

    /// What writes its rows.
    pub fn writer(&self) -> RowWriter {
        let mut before = csv_text::write(&self.before(), std::iter::empty());
        // The line feed gives way to what follows.
        before.pop();
        before.push(b',');
        RowWriter {
            before,
            exact: self.exact.map(float).unwrap_or_default(),
        }
    }

    /// Its row of the summary; the sample is none where no replicate has a number.
    pub fn summary(&self, sample: Option<&Ordered>) -> Vec<String> {
        let mut row = self.before();
        row.push(sample.map_or(0, Ordered::count).to_string());
        let mut put = |own: Option<Location>| {
            row.push(own.map(|own| float(own.value)).unwrap_or_default());
            row.push(own.and_then(|own| own.error).map(float).unwrap_or_default());
        };
        put(sample.map(Ordered::mean));
        for (p, _) in QUANTILES {
            put(sample.map(|own| own.quantile(p)));
        }
        put(sample.map(|own| own.trimmed_mean(TRIM)));
        row
    }
}

impl RowWriter {
    /// Adds the row of a replicate.
    pub fn write(&self, replicate: u64, value: RowValue, out: &mut Vec<u8>) {
        let (number, status) = match value {
            RowValue::Is(x) => (float(x), ""),
            RowValue::Failed => (String::new(), "failed"),
            RowValue::LeftOut => (String::new(), "left out"),
        };
        out.extend_from_slice(&self.before);
        out.extend_from_slice(format!("{replicate},{number},{},{status}\n", self.exact).as_bytes());
    }
}

/// The bytes of `rows-summary.csv`, of the [rows](SeriesRecord::summary) of all series.
pub fn write_summary(keys: &[String], rows: Vec<Vec<String>>) -> Vec<u8> {
    let mut header = header(keys, ["estimand", "at"]);
    header.extend(SUMMARIES.map(|(name, _)| name.to_owned()));
    csv_text::write(&header, rows.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> SeriesRecord {
        SeriesRecord {
            scenario: 2,
            cells: vec!["16".into(), "a, \"b\"".into()],
            estimand: "loss.mean".into(),
            at: "3".into(),
            exact: Some(0.25),
        }
    }

    #[test]
    fn a_row_is_what_the_dialect_would_write() {
        let keys = ["prompts".to_owned(), "selector".to_owned()];
        let mut bytes = rows_header(&keys);
        let writer = record().writer();
        writer.write(7, RowValue::Is(0.1 + 0.2), &mut bytes);
        writer.write(8, RowValue::Failed, &mut bytes);
        writer.write(9, RowValue::LeftOut, &mut bytes);
        let expected = "scenario,prompts,selector,estimand,at,replicate,estimate,true,status\n\
            2,16,\"a, \"\"b\"\"\",loss.mean,3,7,0.30000000000000004,0.25,\n\
            2,16,\"a, \"\"b\"\"\",loss.mean,3,8,,0.25,failed\n\
            2,16,\"a, \"\"b\"\"\",loss.mean,3,9,,0.25,left out\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn a_summary_has_a_column_for_each_number_and_its_error() {
        let quantiles = QUANTILES.map(|(_, name)| name);
        let named = SUMMARIES.map(|(name, _)| name);
        assert_eq!(named[3..13].iter().step_by(2).copied().collect::<Vec<_>>(), quantiles);
        let own = record();
        let sample = Ordered::new(vec![3.0, 1.0, 2.0]);
        let rows = vec![own.summary(sample.as_ref()), own.summary(None)];
        let text = String::from_utf8(write_summary(&["a".into(), "b".into()], rows)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines[0].starts_with("scenario,a,b,estimand,at,replicates,mean,mean_se,q05,"),
            "{text}"
        );
        assert!(
            lines[1].starts_with("2,16,\"a, \"\"b\"\"\",loss.mean,3,3,2,0.57735026918962"),
            "{text}"
        );
        assert!(lines[2].ends_with(",loss.mean,3,0,,,,,,,,,,,,,,"), "{text}");
    }
}
