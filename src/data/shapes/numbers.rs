//! Owns numbers as users write them: one, or a list with commas between.
//!
//! Both formats come through here, so a number has the same bits in both: the nearest double, as `str::parse` gives it.

use crate::data::fault::shown;

/// A finite number, with spaces around it allowed. Or what is wrong with it: to follow the name of the number.
pub(in crate::data) fn number(text: &str) -> Result<f64, String> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Err(" is empty, but every candidate needs a number: give it one, or leave the row out".to_owned());
    }
    match text.parse::<f64>() {
        Ok(x) if x.is_finite() => Ok(x),
        Ok(_) => Err(format!(
            ": {} is not a finite number: give one, or leave the row out",
            shown(text)
        )),
        Err(_) => Err(format!(": {} is not a number: write it like 0.5 or 5e-1", shown(text))),
    }
}

/// The parts of a list with commas between, each with its place in bytes; of nothing but spaces there are none.
pub(in crate::data) fn parts(list: &str) -> impl Iterator<Item = (usize, &str)> {
    let parts = if list.trim_ascii().is_empty() { 0 } else { usize::MAX };
    let mut at = 0;
    list.split(',').take(parts).map(move |part| {
        let start = at + part.len() - part.trim_ascii_start().len();
        at += part.len() + 1;
        (start, part)
    })
}

/// How many parts a list has.
pub(in crate::data) fn count(list: &str) -> usize {
    match list.trim_ascii().is_empty() {
        true => 0,
        false => 1 + list.bytes().filter(|byte| *byte == b',').count(),
    }
}
