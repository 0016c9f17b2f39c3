//! Owns what there is to see of a replicate: the drafts of a query, and the groups whose answers are best and worst.

use super::groups::Groups;
use super::worker::{Plan, Ranked};
use crate::numerics::text::short_3;
use crate::study::TraceTable;

/// Groups shown from either end.
const SHOWN: usize = 3;

impl Plan {
    /// The query of a replicate.
    pub fn trace(&self, replicate: u64) -> Vec<TraceTable> {
        let queries = self.query(replicate);
        let (mut drafts, mut groups) = (Vec::new(), Vec::new());
        for of in &self.asked {
            let (pool, found) = self.groups(of, &queries, replicate);
            // Other arms show the same.
            let arm = of.arms[0].to_string();
            for (draft, (modes, right)) in pool.modes.iter().zip(&pool.right).enumerate() {
                let of_slot = |(slot, mode): (usize, &usize)| {
                    let mark = if queries.right(0, slot).contains(mode) { "+" } else { "" };
                    format!("{mode}{mark}")
                };
                let modes: Vec<String> = modes.iter().enumerate().map(of_slot).collect();
                drafts.push(vec![arm.clone(), draft.to_string(), right.to_string(), modes.join(" ")]);
            }
            groups.extend(ends(&found).map(|group| {
                let members: Vec<String> = of.groups[group].iter().map(usize::to_string).collect();
                let [quality, diversity] = &Ranked::new(&found).tenths;
                vec![
                    arm.clone(),
                    members.join(" "),
                    short_3(found.quality[group]),
                    quality[group].to_string(),
                    short_3(found.diversity[group]),
                    diversity[group].to_string(),
                    short_3(found.result[group]),
                ]
            }));
        }
        vec![
            TraceTable {
                title: "Drafts: the mode of each slot, right ones marked +".to_owned(),
                header: vec!["arm", "draft", "right slots", "modes"],
                rows: drafts,
            },
            TraceTable {
                title: "Groups with the best answers and with the worst".to_owned(),
                header: vec![
                    "arm",
                    "drafts",
                    "quality",
                    "its rank",
                    "diversity",
                    "its rank",
                    "result",
                ],
                rows: groups,
            },
        ]
    }
}

/// The best groups, then the worst, each from best to worst.
fn ends(groups: &Groups) -> impl Iterator<Item = usize> + use<> {
    let result = &groups.result;
    let mut order: Vec<usize> = (0..result.len()).collect();
    order.sort_by(|&i, &j| result[j].total_cmp(&result[i]));
    let worst = order.len().saturating_sub(SHOWN).max(SHOWN);
    let shown: Vec<usize> = order
        .iter()
        .take(SHOWN)
        .chain(&order[worst.min(order.len())..])
        .copied()
        .collect();
    shown.into_iter()
}
