use super::*;
use crate::numerics::stream::{Stream, Streams};

/// The largest uniform that a stream gives.
const LAST: f64 = 1.0 - f64::EPSILON;

/// What both routes make of one uniform at draw `j`; they must agree. `Ok` is a fresh mode, `Err` an earlier response.
fn planned(urn: &Urn, j: usize, u: f64) -> Result<u32, u32> {
    let (mut scan, mut table) = ([0; LANES], [0; LANES]);
    plan_by_scan(urn, j, &[u; LANES], &mut scan);
    plan_by_table(urn, j, &[u; LANES], &mut table);
    assert_eq!(scan, table, "scan and table at u = {u:e}, draw {j} of {urn:?}");
    let modes = urn.modes() as u32;
    if scan[0] < modes {
        Ok(scan[0])
    } else {
        Err(scan[0] - modes)
    }
}

/// An urn whose numbers are ratios of small integers, so that what a uniform means can be said in integers:
/// alpha = `alpha`/4, and mode m has weight `weights[m]`/64.
struct Rational {
    alpha: u128,
    weights: Vec<u128>,
}

impl Rational {
    fn urn(&self) -> Urn {
        assert_eq!(self.weights.iter().sum::<u128>(), 64);
        let base: Vec<f64> = self.weights.iter().map(|&w| w as f64 / 64.0).collect();
        Urn::new(&base, self.alpha as f64 / 4.0)
    }

    /// Four times the total weight of urn and earlier responses at draw `j`.
    fn total(&self, j: usize) -> u128 {
        self.alpha + 4 * j as u128
    }

    /// What u = k/2^52 means at draw `j`, by integer arithmetic alone; and the other answer that is right at a tie.
    fn meaning(&self, j: usize, k: u128) -> [Result<u32, u32>; 2] {
        let position = k * self.total(j);
        if position < self.alpha << 52 {
            let mut end = 0;
            let mode = self.weights.iter().position(|w| {
                end += w;
                position * 64 < (end * self.alpha) << 52
            });
            return [Ok(mode.expect("the last mode ends at alpha") as u32); 2];
        }
        let beyond = position - (self.alpha << 52);
        let index = (beyond >> 54) as u32;
        let tie = beyond.is_multiple_of(1 << 54);
        [Err(index), Err(if tie { index.saturating_sub(1) } else { index })]
    }

    /// Whether k times the total is a double, so that the urn's product does not round.
    fn is_exact(&self, j: usize, k: u128) -> bool {
        let product = k * self.total(j);
        product == 0 || product >> product.trailing_zeros() < 1 << 53
    }

    fn check(&self, urn: &Urn, j: usize, k: u128) {
        if k < 1 << 52 && self.is_exact(j, k) {
            let found = planned(urn, j, k as f64 / (1_u64 << 52) as f64);
            assert!(
                self.meaning(j, k).contains(&found),
                "draw {j}, k = {k}, alpha = {}/4: {found:?}, but {:?} is right",
                self.alpha,
                self.meaning(j, k)
            );
        }
    }
}

fn rationals() -> Vec<Rational> {
    let weights = [
        vec![32, 16, 8, 8],
        vec![1, 62, 1],
        vec![2; 32],
        [vec![1; 60], vec![4]].concat(),
    ];
    let alphas = [1, 4, 12, 32, 2000];
    let pair = |(alpha, weights): (&u128, &Vec<u128>)| Rational {
        alpha: *alpha,
        weights: weights.clone(),
    };
    alphas
        .iter()
        .flat_map(|a| weights.iter().map(move |w| (a, w)))
        .map(pair)
        .collect()
}

/// At the very edges of cells, of modes and of copies: where a wrong comparison, rounding or index shows.
#[test]
fn both_routes_mean_what_integers_say_at_every_edge() {
    for rational in rationals() {
        let urn = rational.urn();
        for j in [0, 1, 2, 3, 5, 7, 8, 13, 24, 56, 99] {
            let total = rational.total(j);
            let mut edges = vec![0_u128, 1 << 52];
            let mut end = 0;
            for weight in &rational.weights {
                end += weight;
                edges.push(((end * rational.alpha) << 52) / (64 * total));
            }
            edges.extend((0..=j as u128).map(|i| ((rational.alpha + 4 * i) << 52) / total));
            for edge in edges {
                for k in edge.saturating_sub(2)..=edge + 2 {
                    rational.check(&urn, j, k);
                }
            }
        }
    }
}

#[test]
fn both_routes_mean_what_integers_say_of_random_uniforms() {
    let mut stream = Streams::new("urn tests").purpose("rational").stream(0, 0);
    for rational in rationals() {
        let urn = rational.urn();
        for j in 0..40 {
            for _ in 0..50 {
                // 40 significant bits leave room for an exact product with the total.
                rational.check(&urn, j, u128::from(stream.word() >> 24) << 12);
            }
        }
    }
}

fn irregular(modes: usize, stream: &mut Stream) -> Vec<f64> {
    let raw: Vec<f64> = (0..modes).map(|_| 1e-3 + stream.uniform() * stream.uniform()).collect();
    let total: f64 = raw.iter().sum();
    raw.iter().map(|w| w / total).collect()
}

#[test]
fn scan_and_table_agree_for_any_weights_concentration_and_uniform() {
    let mut stream = Streams::new("urn tests").purpose("routes").stream(0, 0);
    for modes in [1, 2, 3, 8, 24, 25, 26, 40, 300] {
        for concentration in [5e-324, 1e-300, 1e-9, 0.05, 1.0, 8.0, 500.0, 1e9, 1e300, f64::MAX] {
            let urn = Urn::new(&irregular(modes, &mut stream), concentration);
            for j in 0..30 {
                for u in [
                    0.0,
                    f64::EPSILON,
                    0.5,
                    LAST,
                    stream.uniform(),
                    stream.uniform(),
                    stream.uniform(),
                ] {
                    match planned(&urn, j, u) {
                        Ok(mode) => assert!((mode as usize) < modes),
                        Err(earlier) => assert!((earlier as usize) < j, "draw {j} copies draw {earlier}"),
                    }
                }
            }
        }
    }
}

/// A first response that were taken for a copy would read what an earlier prompt left in the scratch.
#[test]
fn tiny_concentrations_copy_everything_but_the_first_and_huge_ones_nothing() {
    let base = [0.25, 0.25, 0.5];
    for tiny in [5e-324, 1e-310, f64::MIN_POSITIVE, 1e-200] {
        let urn = Urn::new(&base, tiny);
        for u in [0.0, 0.3, 0.6, LAST] {
            assert!(planned(&urn, 0, u).is_ok(), "{tiny:e} {u}");
            assert_eq!(
                planned(&urn, 4, u),
                if u == 0.0 { Ok(0) } else { Err((4.0 * u) as u32) }
            );
        }
    }
    for huge in [1e200, f64::MAX] {
        let urn = Urn::new(&base, huge);
        for (u, mode) in [(0.0, 0), (0.3, 1), (0.6, 2), (LAST, 2)] {
            assert_eq!(planned(&urn, 1000, u), Ok(mode), "{huge:e}");
        }
    }
}

#[test]
fn an_urn_of_65536_modes_reaches_the_last_one() {
    let urn = Urn::new(&vec![1.0 / 65_536.0; 1 << 16], 2.0);
    let mut responses = Responses::new(1 << 16, 3);
    urn.draw(&[[LAST; LANES]; 3], &mut responses);
    assert_eq!(responses.rows(), [[u16::MAX; LANES]; 3]);
    let middle = |mode: u32| (f64::from(mode) + 0.5) / 65_536.0;
    for mode in [0, 1, 32_767, 32_768, 65_534] {
        assert_eq!(planned(&urn, 0, middle(mode)), Ok(mode));
    }
}

#[test]
fn every_level_draws_the_same_responses() {
    let mut stream = Streams::new("urn tests").purpose("levels").stream(0, 0);
    for modes in [2, 8, 25, 26, 1000] {
        let urn = Urn::new(&irregular(modes, &mut stream), 3.0);
        let uniforms: Vec<Lanes<f64>> = (0..64).map(|_| std::array::from_fn(|_| stream.uniform())).collect();
        let levels: Vec<Vec<Lanes<u32>>> = crate::numerics::lanes::Level::available()
            .into_iter()
            .map(|level| {
                let mut out = vec![[0; LANES]; 64];
                plan::run_at(level, &urn, &uniforms, &mut out);
                out
            })
            .collect();
        assert!(levels.iter().all(|out| *out == levels[0]), "{modes} modes");
    }
}
