//! Owns what models learn from: queries, drafts of them and targets, the same for all models of a replicate but for what each kind leaves out.

use super::arm::{Kind, Model};
use super::rows;
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::{Purpose, Streams};
use crate::policy::aggregator::{Drafted, Examples, Pass, Proposer, Rows, SlotRows, Weights, draw};
use crate::policy::row_softmax;
use crate::world::{Queries, SlotStreams, SlotWorld, Teacher};
use std::cell::OnceCell;

/// The streams of lessons.
#[derive(Debug, Clone, Copy)]
pub(super) struct LessonStreams {
    queries: SlotStreams,
    drafts: Purpose,
    targets: Purpose,
}

impl LessonStreams {
    pub fn new(streams: &Streams) -> Self {
        Self {
            queries: SlotStreams::new(streams, "training"),
            drafts: streams.purpose("training drafts"),
            targets: streams.purpose("training targets"),
        }
    }
}

/// Queries to learn from, with everything that some lesson shows.
pub(super) struct School<'a> {
    world: &'a SlotWorld,
    queries: Queries<'a>,
    evidence: Vec<Lanes<f64>>,
    teacher: [Vec<Lanes<f64>>; 2],
    /// A uniform for each group and draft, and one for each target.
    drafts: (Vec<Lanes<f64>>, usize),
    targets: Vec<Lanes<f64>>,
    others: OnceCell<Vec<Vec<Lanes<f64>>>>,
    misled: OnceCell<Vec<Vec<Lanes<f64>>>>,
    active: Vec<Lanes<f64>>,
}

/// What one model learns from.
pub(super) struct Lesson {
    queries: usize,
    prior: Vec<Lanes<f64>>,
    drafted: Option<Drafted>,
    /// Votes and how many of a slot, where there are drafts.
    counts: Option<(Vec<Lanes<f64>>, u32)>,
    target: Vec<Lanes<f64>>,
    /// Where its loss is least, once that is asked for.
    minimum: OnceCell<f64>,
}

impl<'a> School<'a> {
    /// Of a replicate: as many queries and drafts as any of the models needs.
    pub fn new(world: &'a SlotWorld, streams: &LessonStreams, replicate: u64, models: &[Model]) -> Self {
        let most = |of: fn(&Model) -> u32| models.iter().map(of).max().unwrap_or(0) as usize;
        let (count, width) = (most(|own| own.queries), most(|own| own.drafts).max(world.others.len()));
        let queries = Queries::draw(world, &streams.queries, replicate, count);
        Self {
            world,
            evidence: queries.evidence(world.verification),
            teacher: queries.teacher(),
            drafts: (rows::uniforms(world, streams.drafts, replicate, count, width), width),
            targets: rows::uniforms(world, streams.targets, replicate, count, 1),
            others: OnceCell::new(),
            misled: OnceCell::new(),
            active: (0..world.groups()).map(|group| world.active(group)).collect(),
            queries,
        }
    }

    /// The world.
    pub fn world(&self) -> &'a SlotWorld {
        self.world
    }

    /// What a model answers without drafts, and which modes are right, slot by slot of all queries.
    pub fn for_slots(
        &self,
        weights: &Weights,
        pass: Pass,
        model: &Model,
        temperature: f64,
        mut each: impl FnMut(&[f64], &[bool]),
    ) {
        let (world, modes) = (self.world, self.world.modes);
        let prior = rows::prior(&self.queries, &model.base, self.queries.rows());
        let mut p = vec![[0.0; LANES]; prior.len()];
        Proposer::new(weights, pass, self.slots(&prior)).direct(temperature, &mut p);
        for group in 0..prior.len() / modes {
            let active = self.active[group % world.groups()];
            for lane in (0..LANES).filter(|&lane| active[lane] > 0.0) {
                let rows = group * modes..(group + 1) * modes;
                let own: Vec<f64> = p[rows.clone()].iter().map(|p| p[lane]).collect();
                let valid: Vec<bool> = self.queries.valid[rows].iter().map(|own| own[lane] > 0.0).collect();
                each(&own, &valid);
            }
        }
    }

    /// Rows of so many queries.
    fn rows(&self, queries: usize) -> usize {
        queries * self.world.groups() * self.world.modes
    }

    /// What a model learns from.
    pub fn lesson(&self, model: &Model) -> Lesson {
        let rows = self.rows(model.queries as usize);
        let prior = rows::prior(&self.queries, &model.base, rows);
        let drafts = self.votes(model, &prior);
        let target = self.target(model, drafts.as_ref().filter(|_| model.kind.is_aggregated()));
        let shown = drafts.filter(|_| model.kind.shows_drafts());
        let counts = match model.kind {
            Kind::Shuffled => shown.map(|(counts, width)| (rows::of_next_query(&counts, self.world), width)),
            _ => shown,
        };
        Lesson {
            queries: model.queries as usize,
            drafted: counts.as_ref().map(|(counts, width)| self.drafted(counts, *width)),
            counts,
            prior,
            target,
            minimum: OnceCell::new(),
        }
    }

    /// Votes of the drafts that a lesson is made of, whether it shows them or not.
    fn votes(&self, model: &Model, prior: &[Lanes<f64>]) -> Option<(Vec<Lanes<f64>>, u32)> {
        let modes = self.world.modes;
        let mut counts = vec![[0.0; LANES]; prior.len()];
        let (uniforms, stride) = (&self.drafts.0[..], self.drafts.1);
        let mut each = |chosen: &[Vec<Lanes<f64>>]| {
            for (draft, p) in chosen.iter().enumerate() {
                let p = &p[..prior.len()];
                draw(
                    p,
                    modes,
                    (uniforms, stride),
                    draft..draft + 1,
                    &mut counts,
                    (&[], &mut []),
                );
            }
            chosen.len() as u32
        };
        let width = match model.kind {
            Kind::Base | Kind::Copy | Kind::Sft => return None,
            Kind::AftOff | Kind::NoProposalsOff | Kind::PseudoOff => {
                each(self.others.get_or_init(|| self.queries.others(None)))
            }
            Kind::AftMisled => {
                let misled = self.misled.get_or_init(|| self.queries.others(Some(stride)));
                each(&misled[..model.drafts as usize])
            }
            Kind::AftOn | Kind::NoProposalsOn | Kind::PseudoOn | Kind::Shuffled => {
                let start = model.start(self.world.features);
                let proposer = Proposer::new(&start, model.pass(self.world), self.slots(prior));
                let mut p = vec![[0.0; LANES]; prior.len()];
                // Drafts to learn from are drawn at temperature 1.
                proposer.direct(1.0, &mut p);
                let all = 0..model.drafts as usize;
                draw(&p, modes, (uniforms, stride), all, &mut counts, (&[], &mut []));
                model.drafts
            }
        };
        Some((counts, width))
    }

    /// The mode that the teacher answers: to drafts, or by itself.
    fn target(&self, model: &Model, drafts: Option<&(Vec<Lanes<f64>>, u32)>) -> Vec<Lanes<f64>> {
        let (world, rows) = (self.world, self.rows(model.queries as usize));
        let Teacher {
            verification: kappa,
            votes,
            ..
        } = world.teacher;
        let mut logits = self.teacher[0][..rows].to_vec();
        if let Some((counts, width)) = drafts {
            let pass = model.pass(self.world);
            for (row, logit) in logits.iter_mut().enumerate() {
                for l in 0..LANES {
                    let n = counts[row][l];
                    let checked = if n > 0.0 {
                        kappa * self.teacher[1][row][l] - 0.5 * kappa * kappa
                    } else {
                        0.0
                    };
                    logit[l] += votes * pass.votes(n as u32, *width, world.modes) + checked;
                }
            }
        }
        row_softmax::run(&mut logits, world.modes);
        let mut target = vec![[0.0; LANES]; rows];
        draw(
            &logits,
            world.modes,
            (&self.targets, 1),
            0..1,
            &mut target,
            (&[], &mut []),
        );
        target
    }

    fn drafted(&self, counts: &[Lanes<f64>], width: u32) -> Drafted {
        let (world, pass) = (
            self.world,
            Pass {
                lapse: 0.0,
                pseudo_votes: Model::PSEUDO_VOTES,
            },
        );
        let table: Vec<f64> = (0..=width).map(|n| pass.votes(n, width, world.modes)).collect();
        let presence: Vec<Lanes<f64>> = counts
            .iter()
            .map(|n| n.map(|n| if n > 0.0 { 1.0 } else { 0.0 }))
            .collect();
        let checked = |(z, s): (&Lanes<f64>, &Lanes<f64>)| std::array::from_fn(|l| z[l] * s[l]);
        Drafted {
            votes: counts.iter().map(|n| n.map(|n| table[n as usize])).collect(),
            checked: presence.iter().zip(&self.evidence).map(checked).collect(),
            presence,
        }
    }

    fn slots<'b>(&'b self, prior: &'b [Lanes<f64>]) -> SlotRows<'b> {
        SlotRows {
            modes: self.world.modes,
            features: &self.queries.features[..prior.len() * self.world.features],
            prior,
            evidence: &self.evidence[..prior.len()],
        }
    }
}

impl Lesson {
    /// As training takes it.
    pub fn examples<'b>(&'b self, school: &'b School<'_>) -> Examples<'b> {
        let world = school.world;
        Examples {
            rows: Rows {
                modes: world.modes,
                features: &school.queries.features[..self.prior.len() * world.features],
                prior: &self.prior,
                drafts: self.drafted.as_ref(),
                target: &self.target,
                active: &school.active,
            },
            groups: world.groups(),
            slots: world.slots,
        }
    }

    /// What a model answers to what the lesson shows, at temperature 1.
    pub fn answers(&self, school: &School<'_>, model: &Model, weights: &Weights) -> Vec<Lanes<f64>> {
        let proposer = Proposer::new(weights, model.pass(school.world), school.slots(&self.prior));
        let mut p = vec![[0.0; LANES]; self.prior.len()];
        match &self.counts {
            Some((counts, width)) => proposer.aggregate(counts, *width, 1.0, &mut p),
            None => proposer.direct(1.0, &mut p),
        }
        p
    }

    /// The least loss of any weights, looked for from those of a model before training.
    pub fn minimum(&self, school: &School<'_>, model: &Model) -> f64 {
        *self.minimum.get_or_init(|| {
            let (examples, lapse) = (self.examples(school), school.world.lapse);
            examples.loss(&examples.minimum(&model.start(school.world.features), lapse), lapse)
        })
    }

    /// Queries.
    pub fn queries(&self) -> usize {
        self.queries
    }
}
