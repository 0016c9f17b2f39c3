//! Owns how rows go out in each format: fields of a table, objects in lines, or objects in one array.

use super::Format;
use super::shapes::{Cell, Id};
use std::io::{self, Write};

/// Rows onto something below, which gets nothing before the first row or the end: an input refused at once leaves no header behind.
pub(super) struct Sheet<W: Write> {
    out: Out<W>,
    header: Vec<String>,
    begun: bool,
    /// Whether a row has been written.
    follows: bool,
}

enum Out<W: Write> {
    Table(Box<csv::Writer<W>>),
    /// Whether it is one array.
    Json(W, bool),
}

impl<W: Write> Sheet<W> {
    /// Rows of a format under these names.
    pub fn new(out: W, format: Format, header: Vec<String>) -> Self {
        let table = |out, delimiter| {
            let writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
            Out::Table(Box::new(writer))
        };
        let (out, header) = match format {
            Format::Csv => (table(out, b','), header),
            Format::Tsv => (table(out, b'\t'), header),
            Format::Jsonl => (
                Out::Json(out, false),
                header.iter().map(|name| json_text(name)).collect(),
            ),
            Format::Json => (
                Out::Json(out, true),
                header.iter().map(|name| json_text(name)).collect(),
            ),
        };
        Self {
            out,
            header,
            begun: false,
            follows: false,
        }
    }

    /// Writes what comes before the first row, once, where the format has it.
    fn begin(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            match &mut self.out {
                Out::Table(writer) => writer.write_record(&self.header).map_err(cause)?,
                Out::Json(out, true) => out.write_all(b"[")?,
                Out::Json(_, false) => {}
            }
        }
        Ok(())
    }

    /// Writes a row: a value under each name.
    pub fn row(&mut self, values: &[Written<'_>]) -> io::Result<()> {
        self.begin()?;
        match &mut self.out {
            Out::Table(writer) => writer.write_record(values.iter().map(Written::field)).map_err(cause),
            Out::Json(..) => {
                let pairs: Vec<String> = self
                    .header
                    .iter()
                    .zip(values)
                    .map(|(k, v)| format!("{k}:{}", v.json()))
                    .collect();
                self.object(&format!("{{{}}}", pairs.join(",")))
            }
        }
    }

    /// Writes a row of a table.
    pub fn fields(&mut self, fields: &[String]) -> io::Result<()> {
        self.begin()?;
        match &mut self.out {
            Out::Table(writer) => writer.write_record(fields).map_err(cause),
            Out::Json(..) => Ok(()),
        }
    }

    /// Writes a row that is an object already.
    pub fn object(&mut self, object: &str) -> io::Result<()> {
        self.begin()?;
        if let Out::Json(out, array) = &mut self.out {
            match (*array, self.follows) {
                (false, _) => writeln!(out, "{object}")?,
                (true, false) => write!(out, "\n{object}")?,
                (true, true) => write!(out, ",\n{object}")?,
            }
            self.follows = true;
        }
        Ok(())
    }

    /// Hands everything to what lies below, and that back.
    pub fn finish(mut self) -> io::Result<W> {
        self.begin()?;
        match self.out {
            Out::Table(mut writer) => {
                writer.flush()?;
                writer.into_inner().map_err(csv::IntoInnerError::into_error)
            }
            Out::Json(mut out, array) => {
                if array {
                    out.write_all(b"\n]\n")?;
                }
                out.flush()?;
                Ok(out)
            }
        }
    }
}

/// A value of a row that goes out.
pub(super) enum Written<'a> {
    /// A text; in JSON without quotes where it was so in the input.
    Text(&'a str, bool),
    /// A number, if there is one.
    Number(Option<String>),
}

impl<'a> Written<'a> {
    pub fn id(id: Id<'a>) -> Self {
        Written::Text(id.text, id.is_bare)
    }

    pub fn cell(cell: Cell<'a>) -> Self {
        match cell.text {
            Some(text) => Written::Text(text, cell.is_bare),
            None => Written::Number(None),
        }
    }

    fn field(&self) -> &str {
        match self {
            Written::Text(text, _) => text,
            Written::Number(number) => number.as_deref().unwrap_or_default(),
        }
    }

    fn json(&self) -> String {
        match self {
            Written::Text(text, true) => (*text).to_owned(),
            Written::Text(text, false) => json_text(text),
            Written::Number(number) => number.clone().unwrap_or_else(|| "null".to_owned()),
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

pub(super) fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
