//! Owns worlds of queries with slots: the second system, propose and aggregate, with exact ground truth.
//!
//! A response fills `slots` slots with one of `modes` modes each, `valid` of which are right. A model sees features of each mode, the first
//! of which tells right from wrong; a model that has drafts at hand sees whether a mode that they show holds up when it is checked. A slot is
//! one choice of a mode as in the other worlds: with one slot and without lapses a query is a prompt.
//!
//! Which modes are right is drawn anew in each slot. Were it the same everywhere, drafts of another query would be as good as a query's own.

use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::special::normal_from_uniform;
use crate::numerics::stream::{Purpose, Stream, Streams};
use crate::numerics::text::floats;

/// Who makes the targets of training: a stronger model with evidence of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Teacher {
    /// d_T: its weight, and the mean by which right modes stand out to it.
    pub discriminability: f64,
    /// kappa_T: the mean by which right modes stand out when it checks a draft.
    pub verification: f64,
    /// beta_T: its weight of votes.
    pub votes: f64,
}

/// A world of queries, by what decides it.
#[derive(Debug, Clone, PartialEq)]
pub struct SlotWorld {
    /// T: slots of a response.
    pub slots: usize,
    /// M: modes of a slot.
    pub modes: usize,
    /// V: how many of them are right, fewer than M.
    pub valid: usize,
    /// D: features of a mode.
    pub features: usize,
    /// d: the mean by which the first feature of right modes is larger.
    pub discriminability: f64,
    /// h: the probability that a pass does not recall the features of a slot.
    pub lapse: f64,
    /// kappa: the mean by which right modes stand out when a draft is checked.
    pub verification: f64,
    /// d_i of the other models, one draft each.
    pub others: Vec<f64>,
    /// d_i of a model that misleads, below 0.
    pub adversary: f64,
    /// h_off: the probability that another model's choice is blind.
    pub others_lapse: f64,
    /// rho: the correlation of the other models' evidence with the student's.
    pub correlation: f64,
    /// Who makes the targets.
    pub teacher: Teacher,
}

impl SlotWorld {
    /// Groups of eight slots that a query takes.
    pub fn groups(&self) -> usize {
        self.slots.div_ceil(LANES)
    }

    /// 1 in the lanes of a query's group that hold a slot, else 0.
    pub fn active(&self, group: usize) -> Lanes<f64> {
        std::array::from_fn(|l| if group * LANES + l < self.slots { 1.0 } else { 0.0 })
    }

    /// The text that decides the draws.
    pub fn canonical(&self) -> String {
        let Teacher {
            discriminability,
            verification,
            votes,
        } = self.teacher;
        let sizes = [self.slots, self.modes, self.valid, self.features].map(|size| size.to_string());
        let numbers = [
            self.discriminability,
            self.lapse,
            self.verification,
            self.adversary,
            self.others_lapse,
            self.correlation,
            discriminability,
            verification,
            votes,
        ];
        let (sizes, others) = (sizes.join(" "), floats(&self.others));
        format!("world slots {sizes} numbers {} others {others}", floats(&numbers))
    }

    /// What another model of strength `strength` chooses of a slot's modes: (1 - h_off) softmax(|d_i| psi) + h_off/M.
    fn by_other(&self, strength: f64, psi: &mut [f64]) {
        psi.iter_mut().for_each(|psi| *psi *= strength.abs());
        crate::numerics::softmax::softmax(psi);
        let blind = self.others_lapse / psi.len() as f64;
        psi.iter_mut().for_each(|p| *p = (1.0 - self.others_lapse) * *p + blind);
    }
}

/// The streams of one set of queries.
#[derive(Debug, Clone, Copy)]
pub struct SlotStreams {
    valid: Purpose,
    features: Purpose,
    verification: Purpose,
    teacher: Purpose,
    others: Purpose,
}

impl SlotStreams {
    /// Those of a set, by its name.
    pub fn new(streams: &Streams, set: &str) -> Self {
        let purpose = |what: &str| streams.purpose(&format!("{set} {what}"));
        Self {
            valid: purpose("valid"),
            features: purpose("features"),
            verification: purpose("verification"),
            teacher: purpose("teacher"),
            others: purpose("others"),
        }
    }
}

/// Queries `0..count` of a replicate. Rows of lanes: each query has [`SlotWorld::groups`] groups of eight slots, each group one row per mode,
/// or per mode and feature. A smaller set is a prefix of a larger one.
#[derive(Debug, Clone)]
pub struct Queries<'a> {
    world: &'a SlotWorld,
    streams: SlotStreams,
    replicate: u64,
    count: usize,
    /// phi: features, a row per group, mode and feature.
    pub features: Vec<Lanes<f64>>,
    /// 1 where a mode is right, else 0; a row per group and mode, 0 in lanes without a slot.
    pub valid: Vec<Lanes<f64>>,
    /// What checking finds beside its mean: a standard normal, the same however often a mode is checked.
    pub noise: Vec<Lanes<f64>>,
}

impl<'a> Queries<'a> {
    /// Draws queries.
    pub fn draw(world: &'a SlotWorld, streams: &SlotStreams, replicate: u64, count: usize) -> Self {
        let rows = count * world.groups() * world.modes;
        let mut own = Self {
            world,
            streams: *streams,
            replicate,
            count,
            features: vec![[0.0; LANES]; rows * world.features],
            valid: vec![[0.0; LANES]; rows],
            noise: vec![[0.0; LANES]; rows],
        };
        for query in 0..count {
            own.draw_valid(query);
            own.draw_features(query);
            let mut stream = streams.verification.stream(replicate, query as u32);
            for (row, lane) in own.places(query) {
                own.noise[row][lane] = normal(&mut stream);
            }
        }
        own
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The world.
    pub fn world(&self) -> &'a SlotWorld {
        self.world
    }

    /// Rows of all modes of all groups.
    pub fn rows(&self) -> usize {
        self.valid.len()
    }

    /// s: noise, with kappa added at right modes, for a kappa of one's own choice.
    pub fn evidence(&self, verification: f64) -> Vec<Lanes<f64>> {
        let of =
            |(noise, valid): (&Lanes<f64>, &Lanes<f64>)| std::array::from_fn(|l| verification * valid[l] + noise[l]);
        self.noise.iter().zip(&self.valid).map(of).collect()
    }

    /// Rows and lanes of a query: slot by slot, each with its modes.
    fn places(&self, query: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (groups, modes, slots) = (self.world.groups(), self.world.modes, self.world.slots);
        (0..slots * modes).map(move |at| {
            let (slot, mode) = (at / modes, at % modes);
            ((query * groups + slot / LANES) * modes + mode, slot % LANES)
        })
    }

    /// V of the M modes of each slot, each choice as likely: the first V places of a shuffle.
    fn draw_valid(&mut self, query: usize) {
        let (groups, modes) = (self.world.groups(), self.world.modes);
        let mut stream = self.streams.valid.stream(self.replicate, query as u32);
        let mut order: Vec<usize> = (0..modes).collect();
        for slot in 0..self.world.slots {
            let first = (query * groups + slot / LANES) * modes;
            for place in 0..self.world.valid {
                let other = place + (stream.uniform() * (modes - place) as f64) as usize;
                order.swap(place, other);
                self.valid[first + order[place]][slot % LANES] = 1.0;
            }
        }
    }

    fn draw_features(&mut self, query: usize) {
        let (d, features) = (self.world.discriminability, self.world.features);
        let mut stream = self.streams.features.stream(self.replicate, query as u32);
        for (row, lane) in self.places(query) {
            for feature in 0..features {
                self.features[row * features + feature][lane] = normal(&mut stream);
            }
            self.features[row * features][lane] += d * self.valid[row][lane];
        }
    }

    /// What the teacher sees of each mode: d_T psi^T, and s^T when it checks a draft.
    pub fn teacher(&self) -> [Vec<Lanes<f64>>; 2] {
        let Teacher {
            discriminability: d,
            verification: kappa,
            ..
        } = self.world.teacher;
        let mut seen = [vec![[0.0; LANES]; self.rows()], vec![[0.0; LANES]; self.rows()]];
        for query in 0..self.count {
            let mut stream = self.streams.teacher.stream(self.replicate, query as u32);
            for (row, lane) in self.places(query) {
                let valid = self.valid[row][lane];
                seen[0][row][lane] = d * (d * valid + normal(&mut stream));
                seen[1][row][lane] = kappa * valid + normal(&mut stream);
            }
        }
        seen
    }

    /// What the other models choose, each as rows of probabilities; `adversaries` counts instead as many that mislead.
    pub fn others(&self, adversaries: Option<usize>) -> Vec<Vec<Lanes<f64>>> {
        let world = self.world;
        let strengths = adversaries.map_or(world.others.clone(), |count| vec![world.adversary; count]);
        let mut chosen = vec![vec![[0.0; LANES]; self.rows()]; strengths.len()];
        let (modes, groups) = (world.modes, world.groups());
        let (shared, own) = (world.correlation.sqrt(), (1.0 - world.correlation).sqrt());
        for query in 0..self.count {
            let mut stream = self.streams.others.stream(self.replicate, query as u32);
            for (strength, chosen) in strengths.iter().zip(&mut chosen) {
                for slot in 0..world.slots {
                    let (first, lane) = ((query * groups + slot / LANES) * modes, slot % LANES);
                    let mut psi: Vec<f64> = (first..first + modes)
                        .map(|row| {
                            let valid = self.valid[row][lane];
                            let student = self.features[row * world.features][lane] - world.discriminability * valid;
                            strength * valid + shared * student + own * normal(&mut stream)
                        })
                        .collect();
                    world.by_other(*strength, &mut psi);
                    (first..).zip(psi).for_each(|(row, p)| chosen[row][lane] = p);
                }
            }
        }
        chosen
    }

    /// The text of a query's slot, for people: which modes are right.
    pub fn right(&self, query: usize, slot: usize) -> Vec<usize> {
        let first = (query * self.world.groups() + slot / LANES) * self.world.modes;
        let right = |mode: &usize| self.valid[first + mode][slot % LANES] > 0.0;
        (0..self.world.modes).filter(right).collect()
    }
}

fn normal(stream: &mut Stream) -> f64 {
    normal_from_uniform(stream.uniform())
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn world() -> SlotWorld {
        SlotWorld {
            slots: 8,
            modes: 8,
            valid: 3,
            features: 6,
            discriminability: 1.5,
            lapse: 0.25,
            verification: 1.5,
            others: vec![0.6, 0.8, 1.0, 1.2, 1.4],
            adversary: -1.5,
            others_lapse: 0.25,
            correlation: 0.3,
            teacher: Teacher {
                discriminability: 2.5,
                verification: 2.5,
                votes: 1.0,
            },
        }
    }

    fn queries(world: &SlotWorld, count: usize) -> Queries<'_> {
        let streams = Streams::new("slots");
        Queries::draw(world, &SlotStreams::new(&streams, "test"), 0, count)
    }

    #[test]
    fn every_slot_has_as_many_right_modes_each_as_often() {
        for slots in [1, 3, 8, 11] {
            let world = SlotWorld { slots, ..world() };
            let own = queries(&world, 500);
            let mut often = [0.0; 8];
            for query in 0..500 {
                for slot in 0..slots {
                    let right = own.right(query, slot);
                    assert_eq!(right.len(), 3);
                    right.iter().for_each(|&mode| often[mode] += 1.0);
                }
            }
            // Counts of a binomial with p = 3/8; eight of them and four sizes, within four standard errors.
            let n = 500.0 * slots as f64;
            let error = (n * 0.375 * 0.625_f64).sqrt();
            assert!(
                often.iter().all(|count| (count - 0.375 * n).abs() < 4.0 * error),
                "{often:?}"
            );
        }
    }

    #[test]
    fn a_smaller_set_is_a_prefix_of_a_larger_one() {
        let world = world();
        let (small, large) = (queries(&world, 3), queries(&world, 5));
        assert_eq!(small.features[..], large.features[..small.features.len()]);
        assert_eq!(small.valid[..], large.valid[..small.rows()]);
        assert_eq!(small.noise[..], large.noise[..small.rows()]);
    }

    /// The mean over slots of rows that stand `every` rows apart, at right modes.
    fn mean(x: &[Lanes<f64>], own: &Queries<'_>, every: usize) -> f64 {
        let rows = x.iter().step_by(every).zip(&own.valid);
        let sum: f64 = rows
            .map(|(x, valid)| (0..LANES).map(|l| x[l] * valid[l]).sum::<f64>())
            .sum();
        sum / own.valid.iter().flatten().sum::<f64>()
    }

    #[test]
    fn right_modes_stand_out_by_so_much() {
        let world = world();
        let own = queries(&world, 600);
        let error = 4.0 / (600.0 * 8.0 * 3.0_f64).sqrt();
        assert!((mean(&own.features, &own, 6) - 1.5).abs() < error);
        assert!((mean(&own.evidence(2.0), &own, 1) - 2.0).abs() < error);
        let seen = own.teacher();
        assert!((mean(&seen[0], &own, 1) / 2.5 - 2.5).abs() < error);
        assert!((mean(&seen[1], &own, 1) - 2.5).abs() < error);
    }

    /// What other models give to right modes, by the reference: .45, .59 and .69 where all are shifted by so much, and .16 by the one that
    /// misleads. It has two digits; 2,000 queries have a standard error of about .002.
    #[test]
    fn other_models_choose_right_modes_as_often_as_the_reference_says() {
        let share = |shift: f64, adversaries| {
            let mut world = world();
            world.others.iter_mut().for_each(|own| *own += shift);
            let own = queries(&world, 2000);
            let chosen = own.others(adversaries);
            let each = chosen.iter().map(|chosen| 3.0 * mean(chosen, &own, 1));
            each.sum::<f64>() / chosen.len() as f64
        };
        for (shift, right) in [(-0.4, 0.45), (0.2, 0.59), (0.6, 0.69)] {
            let found = share(shift, None);
            assert!((found - right).abs() < 0.005 + 0.008, "{shift}: {found}");
        }
        let misled = share(0.0, Some(5));
        assert!((misled - 0.16).abs() < 0.005 + 0.008, "{misled}");
    }
}
