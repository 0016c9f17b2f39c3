//! Owns the rows that go out: kept candidates as CSV or JSONL.

use super::prompt::{Id, Prompt};
use super::{Format, Kept, Wanted};
use crate::numerics::text::float;
use std::io::{self, Write};

/// The columns that stand between the ids and the reward: the place in the order kept (from 1), the share among the
/// kept, and what it added.
pub const ADDED_COLUMNS: [&str; 3] = ["rank", "weight", "gain"];

/// Writes kept rows: prompt, candidate, rank, weight, gain, reward, the ids and the reward under the input's names.
/// Floats are written in their shortest form that reads back to the same bits; an unknown reward is empty (JSON: null).
/// Nothing is written before the first row or the end, so that an input refused at once leaves no header behind.
pub struct KeptWriter<W: Write> {
    rows: Rows<W>,
    names: [String; 6],
    begun: bool,
}

enum Rows<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Json(W),
}

impl<W: Write> KeptWriter<W> {
    /// A writer of a format onto `out`.
    pub fn new(out: W, format: Format, wanted: &Wanted) -> Self {
        let [rank, weight, gain] = ADDED_COLUMNS;
        let names = [&wanted.prompt, &wanted.candidate, rank, weight, gain, &wanted.reward];
        let (rows, names) = match format {
            Format::Csv => (
                Rows::Csv(Box::new(csv::Writer::from_writer(out))),
                names.map(str::to_owned),
            ),
            Format::Jsonl => (Rows::Json(out), names.map(json_text)),
        };
        Self {
            rows,
            names,
            begun: false,
        }
    }

    /// Writes the header, once, where the format has one.
    fn begin(&mut self) -> io::Result<()> {
        if let (false, Rows::Csv(writer)) = (self.begun, &mut self.rows) {
            writer.write_record(&self.names).map_err(cause)?;
        }
        self.begun = true;
        Ok(())
    }

    /// Writes what was kept of a prompt.
    pub fn write(&mut self, prompt: &Prompt, kept: &Kept) -> io::Result<()> {
        self.begin()?;
        for (rank, pick) in (1_usize..).zip(&kept.picks) {
            let (id, candidate) = (prompt.id(), prompt.candidate(pick.row));
            let reward = pick.reward.map(float);
            let numbers = [rank.to_string(), float(pick.weight), float(pick.gain)];
            match &mut self.rows {
                Rows::Csv(writer) => {
                    let [rank, weight, gain] = &numbers;
                    let reward = reward.as_deref().unwrap_or_default();
                    writer
                        .write_record([id.text, candidate.text, rank, weight, gain, reward])
                        .map_err(cause)?;
                }
                Rows::Json(out) => {
                    let (prompt, candidate) = (json_id(id), json_id(candidate));
                    let [rank, weight, gain] = numbers;
                    let values = [
                        prompt,
                        candidate,
                        rank,
                        weight,
                        gain,
                        reward.unwrap_or("null".to_owned()),
                    ];
                    let pairs: Vec<String> = self.names.iter().zip(values).map(|(k, v)| format!("{k}:{v}")).collect();
                    writeln!(out, "{{{}}}", pairs.join(","))?;
                }
            }
        }
        Ok(())
    }

    /// Hands everything to what lies below, and that back.
    pub fn finish(mut self) -> io::Result<W> {
        self.begin()?;
        match self.rows {
            Rows::Csv(mut writer) => {
                writer.flush()?;
                writer.into_inner().map_err(csv::IntoInnerError::into_error)
            }
            Rows::Json(mut out) => {
                out.flush()?;
                Ok(out)
            }
        }
    }
}

/// What lies below a CSV error; its kind tells a reader that has gone away.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn json_id(id: Id<'_>) -> String {
    match id.is_number {
        true => id.text.to_owned(),
        false => json_text(id.text),
    }
}
