//! Owns the spreading of work over threads (feature `parallel`), and the same calls on the caller's thread without it.
//!
//! Results stand in the order of the items either way, so neither the feature nor the number of threads changes a bit.

#[cfg(feature = "parallel")]
use rayon::prelude::*;

/// Both results; with threads at the same time.
pub fn join<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    #[cfg(feature = "parallel")]
    {
        rayon::join(one, other)
    }
    #[cfg(not(feature = "parallel"))]
    {
        (one(), other())
    }
}

/// The result of each item. What `scratch` makes serves one item after another, on one thread.
pub fn map<T: Sync, S, R: Send>(
    items: &[T],
    scratch: impl Fn() -> S + Send + Sync,
    one: impl Fn(&mut S, &T) -> R + Send + Sync,
) -> Vec<R> {
    #[cfg(feature = "parallel")]
    {
        items.par_iter().map_init(scratch, one).collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        let mut own = scratch();
        items.iter().map(|item| one(&mut own, item)).collect()
    }
}

/// [`map`] that ends early at an error: the first that any thread meets.
pub fn try_map<T: Sync, S, R: Send, E: Send>(
    items: &[T],
    scratch: impl Fn() -> S + Send + Sync,
    one: impl Fn(&mut S, &T) -> Result<R, E> + Send + Sync,
) -> Result<Vec<R>, E> {
    #[cfg(feature = "parallel")]
    {
        items.par_iter().map_init(scratch, one).collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        let mut own = scratch();
        items.iter().map(|item| one(&mut own, item)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let items: Vec<u32> = (0..1000).collect();
        let square = |calls: &mut u32, item: &u32| {
            *calls += 1;
            item * item
        };
        let squares: Vec<u32> = items.iter().map(|item| item * item).collect();
        assert_eq!(map(&items, || 0, square), squares);
        let below = |most: u32| move |_: &mut (), &item: &u32| if item < most { Ok(item) } else { Err(item) };
        assert_eq!(try_map(&items, || (), below(1000)), Ok(items.clone()));
        assert_eq!(try_map(&items, || (), below(999)), Err(999));
        assert_eq!(join(|| 1, || "two"), (1, "two"));
    }
}
