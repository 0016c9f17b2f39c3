//! Owns lists of strings as bytes: each behind its length, and an end.

use std::error::Error;

/// What stands in the place of a length at the end of a list.
const END: u32 = u32::MAX;

/// The strings of a list.
pub fn read(mut bytes: &[u8]) -> Result<Vec<String>, Box<dyn Error>> {
    let mut strings = Vec::new();
    loop {
        let (length, rest) = bytes.split_first_chunk::<4>().ok_or("a list without an end")?;
        let length = u32::from_le_bytes(*length);
        if length == END {
            return Ok(strings);
        }
        let (string, rest) = rest.split_at_checked(length as usize).ok_or("a string without an end")?;
        strings.push(std::str::from_utf8(string)?.to_owned());
        bytes = rest;
    }
}

/// Names and contents in turn, as a list.
pub fn write(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for string in files.iter().flat_map(|(name, content)| [name.as_bytes(), content]) {
        bytes.extend((string.len() as u32).to_le_bytes());
        bytes.extend(string);
    }
    bytes.extend(END.to_le_bytes());
    bytes
}
