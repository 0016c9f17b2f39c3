//! Owns what there is to see of a replicate: what models learnt, and drafts and answers query by query, as the papers' case studies.

use super::worker::Plan;
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::text::{short, short_3};
use crate::study::TraceTable;

/// Slots of a query that are shown.
const SLOTS: usize = 8;

impl Plan {
    /// The first queries of a replicate.
    pub fn trace(&self, replicate: u64, queries: u32) -> Vec<TraceTable> {
        let world = &self.study.asked.world;
        let (mut weights, mut answers) = (Vec::new(), Vec::new());
        self.each(replicate, &|| false, |arm, case| {
            let own = &case.model.ended.weights;
            let beside = [own.prior(), own.votes(), own.evidence(), own.presence()];
            let mut row = vec![arm.to_string(), short_3(case.score())];
            row.push(own.features().iter().map(|&w| short_3(w)).collect::<Vec<_>>().join(" "));
            row.extend(beside.map(short_3));
            weights.push(row);
            let count = (queries as usize).min(case.bench.count());
            let (valid, bench) = (&case.bench.queries.valid, case.bench);
            let answered = case.answered();
            for query in 0..count {
                for slot in 0..world.slots.min(SLOTS) {
                    let first = (query * world.groups() + slot / LANES) * world.modes;
                    let lane = slot % LANES;
                    let marked = |rows: &[Lanes<f64>], of: fn(f64) -> String| -> String {
                        let each = (0..world.modes).filter(|m| rows[first + m][lane] >= 0.005);
                        let text = |m: usize| {
                            let mark = if valid[first + m][lane] > 0.0 { "+" } else { "" };
                            format!("{m}{mark}: {}", of(rows[first + m][lane]))
                        };
                        each.map(text).collect::<Vec<_>>().join(", ")
                    };
                    let drafts = answered
                        .first
                        .as_ref()
                        .map_or(String::new(), |own| marked(&own.counts, short));
                    let seen = answered
                        .seen
                        .as_ref()
                        .map_or(String::new(), |own| marked(&own.0, short));
                    let answer = marked(&answered.p, |p| {
                        short(100.0 * p).split('.').next().unwrap_or("").to_owned()
                    });
                    let right: Vec<String> = bench.queries.right(query, slot).iter().map(usize::to_string).collect();
                    answers.push(vec![
                        arm.to_string(),
                        query.to_string(),
                        slot.to_string(),
                        right.join(" "),
                        drafts,
                        seen,
                        answer,
                    ]);
                }
            }
        });
        vec![
            TraceTable {
                title: "Models".to_owned(),
                header: vec!["arm", "score", "w", "alpha_P", "beta", "gamma", "eta"],
                rows: weights,
            },
            TraceTable {
                title: "Answers: modes with votes (right ones marked +), and the answer in per cent".to_owned(),
                header: vec![
                    "arm",
                    "query",
                    "slot",
                    "right",
                    "drafts of the first layer",
                    "drafts that the answer saw",
                    "answer (%)",
                ],
                rows: answers,
            },
        ]
    }
}
