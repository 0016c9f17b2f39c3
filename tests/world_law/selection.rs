//! Random-K-of-N keeps the first K candidates: in law, a uniformly random K-subset. `select/mod.rs` rests on this.

use super::check::{Fit, draw, fit, same_law};
use mode_lottery::numerics::stream::{Stream, Streams};
use mode_lottery::world::{BaseWeights, Copies, Dirichlet, World};

const N: usize = 6;
const K: usize = 2;
const BASE: [f64; 3] = [0.5, 0.3, 0.2];
const ALPHA: f64 = 1.5;

fn dirichlet() -> Dirichlet {
    Dirichlet::new(BaseWeights::listed(&BASE).unwrap(), ALPHA)
}

/// Joint counts of mode 0 among the kept and in the whole pool, where `keep` first reorders the pool.
fn joint(world: &dyn World, seed: &str, mut keep: impl FnMut(&mut [u16])) -> Vec<u64> {
    let mut counts = vec![0; (K + 1) * (N + 1)];
    draw(world, seed, 50, 500, N, |pool| {
        keep(pool);
        let zeros = |of: &[u16]| of.iter().filter(|y| **y == 0).count();
        counts[zeros(&pool[..K]) * (N + 1) + zeros(pool)] += 1;
    });
    counts
}

/// The first K by Fisher and Yates, on a stream of its own.
fn shuffle(stream: &mut Stream, pool: &mut [u16]) {
    for i in 0..K {
        let rest = (pool.len() - i) as f64;
        pool.swap(i, i + (stream.uniform() * rest) as usize);
    }
}

fn choose(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

/// Beta-binomial count in the pool, hypergeometric count among the kept given that of the pool.
fn law() -> Vec<f64> {
    let rising = |x: f64, n: usize| (0..n).map(|i| x + i as f64).product::<f64>();
    let (a, b) = (ALPHA * BASE[0], ALPHA * (1.0 - BASE[0]));
    let cell = |kept: usize, pool: usize| {
        if kept > pool || K - kept > N - pool {
            return 0.0;
        }
        let of_pool = choose(N, pool) * rising(a, pool) * rising(b, N - pool) / rising(a + b, N);
        of_pool * choose(pool, kept) * choose(N - pool, K - kept) / choose(N, K)
    };
    (0..(K + 1) * (N + 1)).map(|i| cell(i / (N + 1), i % (N + 1))).collect()
}

fn shuffled(world: &dyn World) -> Vec<u64> {
    let mut stream = Streams::new("shuffle").purpose("selection").stream(0, 0);
    joint(world, "a pool", |pool| shuffle(&mut stream, pool))
}

#[test]
fn the_first_k_of_a_pool_are_in_law_a_keyed_shuffle_of_it() {
    let world = dirichlet();
    fit(&joint(&world, "a pool", |_| ()), &law()).must_hold("prefix, exact law");
    fit(&shuffled(&world), &law()).must_hold("shuffle, exact law");
    for world in [&dirichlet() as &dyn World, &Copies::new(dirichlet(), 0.6)] {
        // Another seed for the prefix: on one pool the two samples would not be independent.
        same_law(&joint(world, "another pool", |_| ()), &shuffled(world)).must_hold("prefix against shuffle");
    }
}

#[test]
fn a_selection_that_prefers_some_candidates_is_rejected() {
    let fit_of = |keep: fn(&mut [u16])| -> Fit { fit(&joint(&dirichlet(), "a pool", keep), &law()) };
    fit_of(|pool| pool.sort_unstable()).must_fail("the lowest modes");
    // The candidate at the front gives way to an equal of the last one in 1 of 6 pools or so.
    fit_of(|pool| {
        if pool[N - 1] == pool[N - 2] {
            pool.swap(0, N - 1);
        }
    })
    .must_fail("repeated candidates first");
}
