//! Owns what is told of bytes that are no records, and of words that other programs take for JSON.

/// Formats that are no text: how they begin, what they are, and the command that gives text on standard output.
const BINARY: [(&[u8], &str, &str); 7] = [
    (b"\x1f\x8b", "compressed with gzip", "gzip -dc FILE"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard", "zstd -dc FILE"),
    (b"BZh", "compressed with bzip2", "bzip2 -dc FILE"),
    (b"\xfd7zXZ", "compressed with xz", "xz -dc FILE"),
    (b"PK\x03\x04", "a zip archive", "unzip -p FILE"),
    (
        b"PAR1",
        "Parquet, which this build does not read (cargo install --features parquet does)",
        "duckdb -c \"copy 'FILE' to '/dev/stdout' (format json)\"",
    ),
    (
        b"ARROW1",
        "Arrow",
        "python3 -c \"import pandas; print(pandas.read_feather('FILE').to_json(orient='records', lines=True))\"",
    ),
];

/// What a file is whose first bytes are these, if it is one of the usual formats that are no text.
pub(super) fn of_bytes(start: &[u8]) -> Option<String> {
    let (_, what, command) = BINARY.iter().find(|(magic, ..)| start.starts_with(magic))?;
    Some(piped(what, command))
}

fn piped(what: &str, command: &str) -> String {
    format!("it is {what}: {command} | mode-lottery select - --format jsonl (or csv) ...")
}

/// A word that other programs write for a number and that JSON does not know, if a text begins with one.
pub(super) fn no_json(text: &str) -> Option<String> {
    const WORDS: [&str; 7] = ["NaN", "Infinity", "-Infinity", "-NaN", "None", "True", "False"];
    let word = WORDS.into_iter().find(|word| text.starts_with(word))?;
    Some(match word {
        "True" | "False" => format!("{word} is Python's and not JSON's: write {}", word.to_lowercase()),
        word => format!("{word} is no JSON: give a finite number, or leave the row out"),
    })
}

/// A text with such words for numbers, outside of quotes, made other numbers of the same length; none where there are none.
pub(super) fn mended(text: &str) -> Option<String> {
    const WORDS: [&str; 2] = ["NaN", "Infinity"];
    let mut out = text.as_bytes().to_vec();
    let (mut at, mut quoted, mut any) = (0, false, false);
    while at < out.len() {
        match out[at] {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b'N' | b'I' if !quoted => {
                let word = WORDS.into_iter().find(|word| out[at..].starts_with(word.as_bytes()));
                let length = word.map_or(1, str::len);
                if word.is_some() {
                    out[at..at + length].fill(b'1');
                    any = true;
                }
                at += length - 1;
            }
            _ => {}
        }
        at += 1;
    }
    any.then(|| String::from_utf8(out).ok()).flatten()
}
