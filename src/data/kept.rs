//! Owns the rows that go out: kept candidates as a table or as JSON.

use super::shapes::{Id, Prompt};
use super::{Format, Kept};
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
    /// Whether a row has been written.
    follows: bool,
}

enum Rows<W: Write> {
    Table(Box<csv::Writer<W>>),
    /// Whether it is one array.
    Json(W, bool),
}

impl<W: Write> KeptWriter<W> {
    /// A writer of a format onto `out`; `names` are those of prompts, candidates and rewards.
    pub fn new(out: W, format: Format, names: [&str; 3]) -> Self {
        let ([rank, weight, gain], [prompt, candidate, reward]) = (ADDED_COLUMNS, names);
        let names = [prompt, candidate, rank, weight, gain, reward];
        let table = |out, delimiter| {
            let writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
            (Rows::Table(Box::new(writer)), names.map(str::to_owned))
        };
        let (rows, names) = match format {
            Format::Csv => table(out, b','),
            Format::Tsv => table(out, b'\t'),
            Format::Jsonl => (Rows::Json(out, false), names.map(json_text)),
            Format::Json => (Rows::Json(out, true), names.map(json_text)),
        };
        Self {
            rows,
            names,
            begun: false,
            follows: false,
        }
    }

    /// Writes what comes before the first row, once, where the format has it.
    fn begin(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            match &mut self.rows {
                Rows::Table(writer) => writer.write_record(&self.names).map_err(cause)?,
                Rows::Json(out, true) => out.write_all(b"[")?,
                Rows::Json(_, false) => {}
            }
        }
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
                Rows::Table(writer) => {
                    let [rank, weight, gain] = &numbers;
                    let reward = reward.as_deref().unwrap_or_default();
                    writer
                        .write_record([id.text, candidate.text, rank, weight, gain, reward])
                        .map_err(cause)?;
                }
                Rows::Json(out, array) => {
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
                    let row = pairs.join(",");
                    match *array {
                        false => writeln!(out, "{{{row}}}")?,
                        true => write!(out, "{}\n{{{row}}}", if self.follows { "," } else { "" })?,
                    }
                }
            }
            self.follows = true;
        }
        Ok(())
    }

    /// Hands everything to what lies below, and that back.
    pub fn finish(mut self) -> io::Result<W> {
        self.begin()?;
        match self.rows {
            Rows::Table(mut writer) => {
                writer.flush()?;
                writer.into_inner().map_err(csv::IntoInnerError::into_error)
            }
            Rows::Json(mut out, array) => {
                if array {
                    out.write_all(b"\n]\n")?;
                }
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
    match id.is_bare {
        true => id.text.to_owned(),
        false => json_text(id.text),
    }
}
