//! Owns what there is to keep of each prompt, counted before anything is kept: the input is read once for it, and a total can be shared
//! out among prompts.

use super::OwnKeep;
use super::fault::{About, shown};
use super::keeper::Keeper;
use super::keeping::{Keeping, number_of};
use super::pools::Pools;
use super::shapes::Prompt;
use super::stream::{StreamError, for_all};
use super::words::digest;
use std::collections::HashMap;
use std::sync::Arc;

/// The prompts of an input of which something may be kept, in the order read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stock {
    /// Digests of ids.
    ids: Vec<u128>,
    /// The number of each prompt in the column that [`OwnKeep::Column`] names, 0 or more; 1 where there is no such column.
    pub numbers: Vec<f64>,
    /// How many candidates of each may be kept, at least 1.
    pub candidates: Vec<u64>,
}

/// Counts what may be kept of each prompt. An error where rows are wrong, or a prompt comes twice.
pub fn take_stock(pools: &mut Pools<'_>, keeping: &Keeping) -> Result<Stock, StreamError> {
    let shape = pools.shape().clone();
    let mut stock = Stock::default();
    let each = |keeper: &mut Keeper, prompt: &Prompt| {
        let number = match &keeping.own {
            Some(OwnKeep::Column { column, name }) => number_of(prompt, *column, name)?,
            _ => 1.0,
        };
        Ok((number, keeper.available(keeping, &shape, prompt)?))
    };
    let mut seen = std::collections::HashSet::new();
    for_all(pools, Keeper::new, each, &mut |prompt, (number, there)| {
        let id = digest(prompt.id().text);
        if !seen.insert(id) {
            let what = format!(
                "prompt {} comes twice: a total is shared out among prompts of different ids",
                shown(prompt.id().text)
            );
            return Err(StreamError::Input(prompt.fault(what).about(About::Apart)));
        }
        if let Some(there) = there {
            stock.ids.push(id);
            stock.numbers.push(number);
            stock.candidates.push(there as u64);
        }
        Ok(())
    })?;
    Ok(stock)
}

impl Stock {
    /// That so many are kept of each prompt, in this order.
    #[must_use]
    pub fn keep(self, numbers: &[u64]) -> OwnKeep {
        let all: HashMap<u128, usize> = self.ids.into_iter().zip(numbers.iter().map(|&k| k as usize)).collect();
        OwnKeep::Given(Arc::new(all))
    }
}
