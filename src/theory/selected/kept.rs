//! Owns the moments of the kept share given the counts of one pool, averaged over ties exactly.

use super::levels::{Gain, Levels};
use super::rule::Weights;
use super::successive::SuccessiveDraws;

/// E f and E f f^T given the counts, over the modes present: T entries, and T x T by rows of which only those with column >= row
/// are filled.
#[derive(Debug, Default, Clone)]
pub(super) struct Kept {
    pub(super) mean: Vec<f64>,
    pub(super) second: Vec<f64>,
}

/// Space for one computation, used again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Kept for certain, by mode.
    certain: Vec<f64>,
    /// The mode of each first in the open level.
    firsts: Vec<usize>,
    /// The share of later candidates in the open level, by mode.
    later: Vec<f64>,
    /// Who is kept first: a probability by mode.
    leader: Vec<f64>,
    /// The expected places of each mode.
    places: Vec<f64>,
    point: Vec<f64>,
    draws: SuccessiveDraws,
}

impl Kept {
    /// The moments of what `levels` keep at `keep`, of a pool with these sizes by mode.
    pub(super) fn fill(&mut self, levels: &Levels, sizes: &[u32], keep: u32, weights: Weights, scratch: &mut Scratch) {
        let modes = sizes.len();
        self.mean.clear();
        self.mean.resize(modes, 0.0);
        self.second.clear();
        self.second.resize(modes * modes, 0.0);
        scratch.open(levels, modes, keep);
        match weights {
            Weights::Equal => self.by_places(None, keep, scratch),
            Weights::SplitCoverage => self.by_places(Some(sizes), keep, scratch),
            Weights::FirstCoverage => self.led(sizes, scratch),
        }
    }

    /// With k = certain + drawn firsts + drawn later ones, the places of each mode: f = k/K, or where candidates belong to who is near
    /// f = (n_a [a kept] + R k_a/K)/N, R the candidates of modes that are not kept. The later ones are a multivariate hypergeometric
    /// draw.
    fn by_places(&mut self, belong: Option<&[u32]>, keep: u32, scratch: &mut Scratch) {
        let Scratch {
            certain,
            firsts,
            later,
            places,
            point,
            draws,
            ..
        } = scratch;
        let whole = belong.map_or(f64::from(keep), |sizes| f64::from(sizes.iter().sum::<u32>()));
        let (all, open) = (draws.places, f64::from(draws.later));
        let mut visit = |set: usize, probability: f64| {
            let drawn = f64::from(all - set.count_ones());
            places.clear();
            places.extend(certain.iter().zip(&*later).map(|(c, share)| c + drawn * share));
            for (i, &mode) in firsts.iter().enumerate() {
                places[mode] += (set >> i & 1) as f64;
            }
            // What each place counts beside the mode's own candidates.
            let each = match belong {
                None => {
                    point.clone_from(places);
                    1.0
                }
                Some(sizes) => {
                    let each = covered(sizes, point, |mode| places[mode] > 0.0) / f64::from(keep);
                    point.iter_mut().zip(&*places).for_each(|(f, k)| *f += each * k);
                    each
                }
            };
            self.add(probability, point, 1.0 / whole);
            if open > 1.0 && drawn > 0.0 {
                let spread = drawn * (open - drawn) / (open - 1.0) / (whole * whole);
                self.add_multinomial(probability * spread * (each * each), later);
            }
        };
        draws.resolve(false, |set, probability, _| visit(set, probability));
    }

    /// f = (n_a [a kept] + [a kept first] R)/N, R the candidates of modes that are not kept.
    fn led(&mut self, sizes: &[u32], scratch: &mut Scratch) {
        let Scratch {
            certain,
            firsts,
            leader,
            point,
            draws,
            ..
        } = scratch;
        let total = f64::from(sizes.iter().sum::<u32>());
        let led = leader.iter().any(|&p| p > 0.0);
        // Where no level is exhausted the first kept is among the drawn, and depends on them.
        draws.resolve(!led, |set, probability, shares| {
            let drawn = |mode| {
                firsts
                    .iter()
                    .position(|&m| m == mode)
                    .is_some_and(|i| set >> i & 1 == 1)
            };
            let rest = covered(sizes, point, |mode| certain[mode] > 0.0 || drawn(mode));
            for (&mode, share) in firsts.iter().zip(shares) {
                leader[mode] = *share;
            }
            self.add_led(probability, point, leader, rest, 1.0 / total);
        });
    }

    /// Adds a point x, scaled, with a probability.
    fn add(&mut self, probability: f64, x: &[f64], scale: f64) {
        let modes = x.len();
        for a in (0..modes).filter(|&a| x[a] != 0.0) {
            let mass = probability * (x[a] * scale);
            self.mean[a] += mass;
            for b in a..modes {
                self.second[a * modes + b] += mass * (x[b] * scale);
            }
        }
    }

    /// Adds `mass` times (diag share - share share^T) to the second moment.
    fn add_multinomial(&mut self, mass: f64, share: &[f64]) {
        let modes = share.len();
        for a in (0..modes).filter(|&a| share[a] > 0.0) {
            self.second[a * modes + a] += mass * share[a];
            for b in a..modes {
                self.second[a * modes + b] -= mass * share[a] * share[b];
            }
        }
    }

    /// Adds the point x + R e_L, scaled, where L = a with probability `leader[a]`.
    fn add_led(&mut self, probability: f64, x: &[f64], leader: &[f64], rest: f64, scale: f64) {
        self.add(probability, x, scale);
        if rest == 0.0 {
            return;
        }
        let modes = x.len();
        let more = rest * scale;
        for a in (0..modes).filter(|&a| leader[a] > 0.0) {
            let mass = probability * leader[a] * more;
            self.mean[a] += mass;
            self.second[a * modes + a] += mass * (more + x[a] * scale);
            for b in 0..modes {
                self.second[a.min(b) * modes + a.max(b)] += mass * (x[b] * scale);
            }
        }
    }
}

/// Fills `point` with the candidates of each mode that is kept; returns those of the other modes.
fn covered(sizes: &[u32], point: &mut Vec<f64>, kept: impl Fn(usize) -> bool) -> f64 {
    let mut rest = 0;
    point.clear();
    for (mode, &size) in sizes.iter().enumerate() {
        let kept = kept(mode);
        rest += if kept { 0 } else { size };
        point.push(if kept { f64::from(size) } else { 0.0 });
    }
    f64::from(rest)
}

impl Scratch {
    /// Takes levels while they fit into `keep` places, and lays the next one out for successive sampling.
    fn open(&mut self, levels: &Levels, modes: usize, keep: u32) {
        for space in [&mut self.certain, &mut self.later, &mut self.leader] {
            space.clear();
            space.resize(modes, 0.0);
        }
        self.firsts.clear();
        self.draws.sizes.clear();
        self.draws.later = 0;
        self.draws.places = keep;
        for (depth, level) in levels.iter().enumerate() {
            if self.draws.places == 0 {
                break;
            }
            let picks: u32 = level.iter().map(Gain::picks).sum();
            if picks > self.draws.places {
                self.lay_out(level);
                break;
            }
            self.draws.places -= picks;
            let weight: u32 = level.iter().map(|g| g.items).sum();
            for gain in level {
                self.certain[gain.mode] += f64::from(gain.picks());
                if depth == 0 {
                    // Every candidate of the top level is as likely as any other to be kept first.
                    self.leader[gain.mode] = f64::from(gain.items) / f64::from(weight);
                }
            }
        }
    }

    fn lay_out(&mut self, level: &[Gain]) {
        for gain in level {
            if gain.first {
                self.firsts.push(gain.mode);
                self.draws.sizes.push(gain.items);
            } else {
                self.later[gain.mode] = f64::from(gain.items);
                self.draws.later += gain.items;
            }
        }
        let open = f64::from(self.draws.later.max(1));
        self.later.iter_mut().for_each(|items| *items /= open);
    }
}
