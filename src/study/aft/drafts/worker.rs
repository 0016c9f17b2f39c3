//! Owns a replicate: groups of one query's drafts, ranked, and summed for every arm.

use super::AftDrafts;
use super::arm::{Asked, DraftsArm, models};
use super::groups::{self, Groups, Pool};
use super::measures::{CORRELATIONS, GROUPS, RESULT, SLOTS, VARIES};
use super::ranks::{correlation, ranks, tenth};
use crate::inference::groups::Group;
use crate::numerics::lanes::LANES;
use crate::numerics::stream::{Purpose, Streams};
use crate::policy::aggregator::{Proposer, SlotRows, Weights};
use crate::study::aft::bench::SCORED;
use crate::study::aft::rows;
use crate::study::aft::teaching::Teaching;
use crate::world::{Queries, SlotStreams};

/// What all replicates share.
pub(super) struct Plan {
    pub study: AftDrafts,
    pub asked: Vec<Of>,
    queries: SlotStreams,
    drafts: Purpose,
    answers: Purpose,
}

/// Arms that differ by the groups that count alone.
pub(super) struct Of {
    pub asked: Asked,
    pub arms: Vec<usize>,
    /// The drafts of each group.
    pub groups: Vec<Vec<usize>>,
    weights: Weights,
}

impl Plan {
    /// Trains the models, as the study `aft` does in its first replicate.
    pub fn new(study: &AftDrafts) -> Self {
        let streams = Streams::new(study.scenario.spec.draws.text());
        let teaching = Teaching::new(&streams, models(&study.arms));
        let school = teaching.school(&study.world, 0);
        let trained = teaching.train(school.as_ref(), &study.world, 0, &|| false);
        let mut all: Vec<Of> = Vec::new();
        for (index, arm) in study.arms.iter().enumerate() {
            let asked = arm.asked;
            match all.iter_mut().find(|own| own.asked == asked) {
                Some(own) => own.arms.push(index),
                None => all.push(Of {
                    asked,
                    arms: vec![index],
                    groups: groups::all(asked.pool as usize, asked.width as usize),
                    weights: trained[teaching.place(&asked.model)].ended.weights.clone(),
                }),
            }
        }
        Self {
            queries: SlotStreams::new(&streams, SCORED),
            drafts: streams.purpose("drafts of layer 1"),
            answers: streams.purpose("answers to groups"),
            asked: all,
            study: study.clone(),
        }
    }

    /// The query of a replicate.
    pub fn query(&self, replicate: u64) -> Queries<'_> {
        Queries::draw(&self.study.world, &self.queries, replicate, 1)
    }

    /// The drafts of some arms at a query, and the groups of these.
    pub fn groups(&self, of: &Of, queries: &Queries<'_>, replicate: u64) -> (Pool, Groups) {
        let (world, asked) = (&*self.study.world, &of.asked);
        let prior = rows::prior(queries, &asked.model.base, queries.rows());
        let evidence = queries.evidence(asked.verification.unwrap_or(world.verification));
        let seen = SlotRows {
            modes: world.modes,
            features: &queries.features,
            prior: &prior,
            evidence: &evidence,
        };
        let proposer = Proposer::new(&of.weights, asked.model.pass(world), seen);
        let mut p = vec![[0.0; LANES]; queries.rows()];
        proposer.direct(asked.temperature, &mut p);
        let uniforms = |purpose, count| rows::uniforms(world, purpose, replicate, 1, count);
        let drafts = asked.pool as usize;
        let pool = Pool::draw(&p, drafts, &uniforms(self.drafts, drafts), queries);
        let drawn = uniforms(self.answers, asked.draws() as usize);
        let groups = pool.groups(asked, &of.groups, &proposer, queries, &drawn);
        (pool, groups)
    }

    /// Adds a replicate to the sums of all arms.
    pub fn measure(&self, replicate: u64, sums: &mut Group) {
        sums.replicates += 1;
        let queries = self.query(replicate);
        for of in &self.asked {
            let (_, groups) = self.groups(of, &queries, replicate);
            // Training that diverged is void whatever is measured of it (law 8).
            if !groups.result.iter().all(|result| result.is_finite()) {
                continue;
            }
            let ranked = Ranked::new(&groups);
            for &arm in &of.arms {
                sums.valid[arm] += 1;
                ranked.add(&self.study.arms[arm], &mut sums.sums[arm * SLOTS..][..SLOTS]);
            }
        }
    }
}

/// Groups by their ranks within the query.
pub(super) struct Ranked<'a> {
    groups: &'a Groups,
    /// Of quality and of diversity, from 1 to 10.
    pub tenths: [Vec<u32>; 2],
    /// Of results with quality, of results with diversity, of both; none where one of the three does not vary.
    pub correlations: Option<[f64; 3]>,
}

impl<'a> Ranked<'a> {
    pub fn new(groups: &'a Groups) -> Self {
        let all = groups.result.len();
        let [quality, diversity] = [&groups.quality, &groups.diversity].map(|values| ranks(values));
        let tenths = [&quality, &diversity].map(|ranks| ranks.iter().map(|&rank| tenth(rank, all)).collect());
        let result = &groups.result;
        let pairs = [(result, &quality), (result, &diversity), (&quality, &diversity)];
        let [rq, rd, qd] = pairs.map(|(x, y)| correlation(x, y));
        let correlations = rq.zip(rd).zip(qd).map(|((rq, rd), qd)| [rq, rd, qd]);
        Self {
            groups,
            tenths,
            correlations,
        }
    }

    fn add(&self, arm: &DraftsArm, sums: &mut [f64]) {
        let [quality, diversity] = &self.tenths;
        let ranks = quality.iter().zip(diversity);
        // By themselves first: what a replicate adds does not depend on what is there.
        let (mut result, mut groups) = (0.0, 0.0);
        for ((&quality, &diversity), own) in ranks.zip(&self.groups.result) {
            if arm.cell.holds(quality, diversity) {
                result += own;
                groups += 1.0;
            }
        }
        sums[RESULT] += result;
        sums[GROUPS] += groups;
        if let Some(correlations) = self.correlations {
            sums[VARIES] += 1.0;
            for (sum, correlation) in sums[CORRELATIONS..].iter_mut().zip(correlations) {
                *sum += correlation;
            }
        }
    }
}
