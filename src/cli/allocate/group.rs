//! Owns how a group of prompts is given on the command line.

use crate::cli::options::amount;

/// A group as it is given.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub name: String,
    /// Of all prompts, above 0 and up to 1.
    pub share: f64,
    pub variance: f64,
    /// Of a response, above 0; none where it is that of all.
    pub price: Option<f64>,
}

/// NAME=SHARE:VARIANCE[:PRICE].
pub(super) fn group(text: &str) -> Result<Group, String> {
    let expected = || "NAME=SHARE:VARIANCE or NAME=SHARE:VARIANCE:PRICE is expected, as in open=0.2:16".to_owned();
    let (name, numbers) = text.rsplit_once('=').ok_or_else(expected)?;
    let numbers: Result<Vec<f64>, String> = numbers.split(':').map(amount).collect();
    let numbers = numbers.map_err(|why| format!("{}: {why}", expected()))?;
    let (share, variance, price) = match numbers[..] {
        [share, variance] => (share, variance, None),
        [share, variance, price] => (share, variance, Some(price)),
        _ => return Err(expected()),
    };
    if name.is_empty() || !(share > 0.0 && share <= 1.0) {
        return Err(format!("{}; the share is above 0 and at most 1", expected()));
    }
    match price {
        Some(price) if price <= 0.0 => Err("the price of a response is above 0".to_owned()),
        _ => Ok(Group {
            name: name.to_owned(),
            share,
            variance,
            price,
        }),
    }
}
