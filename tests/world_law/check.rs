//! Laws of tuples of responses, and chi-squared tests of drawn tuples against them.

use mode_lottery::numerics::stream::Streams;
use mode_lottery::world::World;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The chance that one chi-squared test rejects a correct sampler. About 120 tests run here: one of them would fail for
/// one seed in 10^5. Seeds are fixed, so a failure is a change of the code.
pub const ALARM: f64 = 1e-7;

/// Cells expected to hold fewer than this are pooled.
const FEWEST: f64 = 10.0;

/// The outcome of a chi-squared test.
#[derive(Debug, Clone, Copy)]
pub struct Fit {
    pub statistic: f64,
    pub freedom: f64,
    pub p: f64,
}

impl Fit {
    fn of(statistic: f64, cells: usize) -> Self {
        assert!(cells >= 2, "a test of one cell cannot fail");
        let freedom = (cells - 1) as f64;
        let p = ChiSquared::new(freedom).unwrap().sf(statistic);
        Self { statistic, freedom, p }
    }

    #[track_caller]
    pub fn must_hold(self, what: &str) {
        // Shown with --nocapture.
        println!(
            "{what}: chi2 {:.1} on {}, p {:.3}",
            self.statistic, self.freedom, self.p
        );
        assert!(self.p > ALARM, "{what}: {self:?}");
    }

    #[track_caller]
    pub fn must_fail(self, what: &str) {
        println!(
            "{what}: chi2 {:.1} on {}, p {:.1e}",
            self.statistic, self.freedom, self.p
        );
        assert!(self.p < ALARM, "the check did not notice: {what}: {self:?}");
    }
}

/// Pearson's test of counts against a law.
pub fn fit(counts: &[u64], law: &[f64]) -> Fit {
    assert_eq!(counts.len(), law.len());
    let total: f64 = law.iter().sum();
    assert!((total - 1.0).abs() < 1e-9, "a law sums to one, not {total}");
    let drawn = counts.iter().sum::<u64>() as f64;
    let (mut statistic, mut cells, mut rest) = (0.0, 0, (0.0, 0.0));
    for (&count, &p) in counts.iter().zip(law) {
        let (count, expected) = (count as f64, p * drawn);
        if p == 0.0 {
            assert_eq!(count, 0.0, "an impossible outcome was drawn");
        } else if expected < FEWEST {
            rest = (rest.0 + count, rest.1 + expected);
        } else {
            statistic += (count - expected) * (count - expected) / expected;
            cells += 1;
        }
    }
    if rest.1 >= FEWEST {
        statistic += (rest.0 - rest.1) * (rest.0 - rest.1) / rest.1;
        cells += 1;
    }
    Fit::of(statistic, cells)
}

/// The test that two samples of the same size come from one law.
pub fn same_law(a: &[u64], b: &[u64]) -> Fit {
    assert_eq!(a.iter().sum::<u64>(), b.iter().sum::<u64>());
    let (mut statistic, mut cells, mut rest) = (0.0, 0, (0.0, 0.0));
    for (&a, &b) in a.iter().zip(b) {
        let (a, b) = (a as f64, b as f64);
        if a + b < 2.0 * FEWEST {
            rest = (rest.0 + a, rest.1 + b);
        } else {
            statistic += (a - b) * (a - b) / (a + b);
            cells += 1;
        }
    }
    if rest.0 + rest.1 >= 2.0 * FEWEST {
        statistic += (rest.0 - rest.1) * (rest.0 - rest.1) / (rest.0 + rest.1);
        cells += 1;
    }
    Fit::of(statistic, cells)
}

/// Calls `each` with the responses of `prompts` prompts in `8 * sets` replicates.
pub fn draw(world: &dyn World, seed: &str, prompts: u32, sets: u64, depth: usize, mut each: impl FnMut(&mut [u16])) {
    let mut sampler = world.sampler(&Streams::new(seed), depth);
    let mut tuple = vec![0; depth];
    for set in 0..sets {
        for prompt in 0..prompts {
            let rows = sampler.draw(8 * set, prompt, depth);
            for lane in 0..8 {
                for (mode, row) in tuple.iter_mut().zip(rows) {
                    *mode = row[lane];
                }
                each(&mut tuple);
            }
        }
    }
}

/// The place of a tuple over `modes` modes among all of its length.
pub fn index(tuple: &[u16], modes: usize) -> usize {
    tuple.iter().fold(0, |index, &mode| index * modes + usize::from(mode))
}

/// Every tuple of `depth` responses, in the order of [`index`].
pub fn tuples(modes: usize, depth: usize) -> impl Iterator<Item = Vec<u16>> {
    (0..modes.pow(depth as u32)).map(move |index| {
        let digit = |place: usize| (index / modes.pow((depth - 1 - place) as u32) % modes) as u16;
        (0..depth).map(digit).collect()
    })
}

/// The probability of responses in this order to one prompt with pi ~ Dirichlet(alpha base):
/// prod_m (alpha base_m)_{c_m} / (alpha)_n with rising factorials, c the counts and n their sum (Polya 1930).
pub fn ordered(alpha: f64, base: &[f64], tuple: &[u16]) -> f64 {
    let rising = |x: f64, n: usize| (0..n).map(|i| x + i as f64).product::<f64>();
    let count = |mode: usize| tuple.iter().filter(|&&y| usize::from(y) == mode).count();
    let top: f64 = base
        .iter()
        .enumerate()
        .map(|(m, w)| rising(alpha * w, count(m)))
        .product();
    top / rising(alpha, tuple.len())
}

/// The law of the sorted tuple, which says as much as the counts: 0 for tuples out of order.
pub fn sorted_law(alpha: f64, base: &[f64], depth: usize) -> Vec<f64> {
    let factorial = |n: usize| (1..=n).product::<usize>() as f64;
    let law = |tuple: Vec<u16>| {
        if !tuple.is_sorted() {
            return 0.0;
        }
        let same: f64 = tuple.chunk_by(|a, b| a == b).map(|run| factorial(run.len())).product();
        ordered(alpha, base, &tuple) * factorial(depth) / same
    };
    tuples(base.len(), depth).map(law).collect()
}
