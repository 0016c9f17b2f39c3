//! Owns how a total is shared out among prompts, before anything is kept: the input is read once for it.

use super::fault::{About, shown};
use super::keeper::Keeper;
use super::keeping::{Keeping, number_of};
use super::pools::Pools;
use super::shapes::Prompt;
use super::stream::{StreamError, for_all};
use super::words::digest;
use super::{Fault, OwnKeep};
use crate::numerics::text::count;
use crate::theory::neyman::spread;
use std::collections::HashMap;
use std::sync::Arc;

/// Numbers of candidates to keep of each prompt, at least one and at most as many as there are, that sum to `total`: as proportional as
/// whole numbers can be to the numbers of a column ([`OwnKeep::Column`]), or as equal if there is none. With root variances in the column
/// that is Neyman allocation.
///
/// # Errors
///
/// Where rows are wrong, a prompt comes twice, or `total` is less than one of each prompt or more than there are.
pub fn share_out(pools: &mut Pools<'_>, keeping: &Keeping, total: u64) -> Result<OwnKeep, StreamError> {
    let shape = pools.shape().clone();
    let (mut ids, mut squares, mut most) = (Vec::new(), Vec::new(), Vec::new());
    let each = |keeper: &mut Keeper, prompt: &Prompt| {
        let number = match &keeping.own {
            Some(OwnKeep::Column { column, name }) => number_of(prompt, *column, name)?,
            _ => 1.0,
        };
        Ok((number, keeper.available(keeping, &shape, prompt)?))
    };
    let mut places: HashMap<u128, ()> = HashMap::new();
    for_all(pools, Keeper::new, each, &mut |prompt, (number, there)| {
        let id = digest(prompt.id().text);
        if places.insert(id, ()).is_some() {
            let what = format!(
                "prompt {} comes twice: a total is shared out among prompts of different ids",
                shown(prompt.id().text)
            );
            return Err(StreamError::Input(prompt.fault(what).about(About::Apart)));
        }
        if let Some(there) = there {
            ids.push(id);
            squares.push(number * number);
            most.push(there as u64);
        }
        Ok(())
    })?;
    let shared = spread(&squares, &most, total).ok_or_else(|| refused(&most, total))?;
    let numbers = ids.into_iter().zip(shared.into_iter().map(|k| k as usize));
    Ok(OwnKeep::Given(Arc::new(numbers.collect())))
}

/// Why so many cannot be shared out.
fn refused(most: &[u64], total: u64) -> StreamError {
    let prompts = count(most.len(), "prompt");
    let there: u64 = most.iter().sum();
    let what = match total < most.len() as u64 {
        true => format!("--total {total} is less than one of each of {prompts}: raise it, or give fewer prompts"),
        false => format!("--total {total} is more than the {there} candidates of {prompts}: lower it"),
    };
    StreamError::Input(Fault::whole(what))
}
