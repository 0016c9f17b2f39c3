//! Owns what the study measures: what it is called and means, and what is estimated of it.

use super::arm::DraftsArm;
use super::ranks::partial;
use crate::study::entry::{self, measures, quantities};

/// Sums that an arm keeps.
pub(super) const SLOTS: usize = 6;

/// Results of the groups that count, and how many these are.
pub(super) const RESULT: usize = 0;
pub(super) const GROUPS: usize = 1;
/// 1 of a query whose groups vary in quality, diversity and result, of which correlations follow: result with quality, result with
/// diversity, quality with diversity.
pub(super) const VARIES: usize = 2;
pub(super) const CORRELATIONS: usize = 3;

/// What is known of a measure.
pub(super) struct Statistic {
    /// Whether it is one of cells; else it is one of arms whose groups all count.
    pub of_cells: bool,
    /// Its numbers, by the means of an arm's sums.
    pub numbers: fn(&[f64; SLOTS]) -> [f64; 3],
}

/// Which of a measure's numbers a quantity is.
pub(super) type How = fn([f64; 3]) -> f64;

/// An estimand of the study.
pub(super) type Entry = entry::Entry<How>;

const PAPER: &str = "arXiv 2501.11877";

quantities! {
    asks How;

    MEAN = "mean",
    meaning "mean over the groups of all queries; of `cell-groups` over queries",
    formula "sum over queries of X / sum over queries of groups; `cell-groups`: groups / queries",
    unit "that of X",
    source PAPER,
    |own| own[0];

    QUALITY = "quality",
    meaning "how results go with the quality of drafts, of `partial` at equal diversity",
    formula "`correlation`: r_rq; `partial`: (r_rq - r_rd r_qd)/(1 - r_qd^2)",
    unit "standard deviations per standard deviation, within queries",
    source PAPER,
    |own| own[0];

    DIVERSITY = "diversity",
    meaning "how results go with the diversity of drafts, of `partial` at equal quality",
    formula "`correlation`: r_rd; `partial`: (r_rd - r_rq r_qd)/(1 - r_qd^2)",
    unit "standard deviations per standard deviation, within queries",
    source PAPER,
    |own| own[1];

    DIFFERENCE = "difference",
    meaning "by how much quality goes before diversity",
    formula "partial.quality - partial.diversity",
    unit "standard deviations per standard deviation, within queries",
    source PAPER,
    |own| own[0] - own[1];

    BETWEEN = "between",
    meaning "how quality and diversity go together",
    formula "r_qd",
    unit "dimensionless, from -1 to 1",
    source PAPER,
    |own| own[2];
}

/// Correlations, means over queries that have some.
fn correlations(means: &[f64; SLOTS]) -> [f64; 3] {
    std::array::from_fn(|place| means[CORRELATIONS + place] / means[VARIES])
}

measures! {
    enum Measure is Statistic, asks How, static MEASURES;

    CellScore = "cell-score",
    "the expected reward of answers to the groups of a cell, from 0 to 1: those of all queries that have the ranks which the arm names",
    Statistic { of_cells: true, numbers: |means| [means[RESULT] / means[GROUPS], 0.0, 0.0] },
    &[Entry::new("cell-score.mean", "expected reward", &MEAN)];

    CellGroups = "cell-groups",
    "how many groups of a query are in the cell: means of few say little",
    Statistic { of_cells: true, numbers: |means| [means[GROUPS], 0.0, 0.0] },
    &[Entry::new("cell-groups.mean", "groups of a query", &MEAN)];

    Partial = "partial",
    "coefficients of a regression of results on the quality and the diversity of groups, all three standardised within the query; \
     of the mean correlations over queries",
    Statistic {
        of_cells: false,
        numbers: |means| {
            let [quality, diversity] = partial(correlations(means));
            [quality, diversity, 0.0]
        },
    },
    &[
        Entry::new("partial.quality", "coefficient of quality", &QUALITY),
        Entry::new("partial.diversity", "coefficient of diversity", &DIVERSITY),
        Entry::new("partial.difference", "quality before diversity", &DIFFERENCE),
    ];

    Correlation = "correlation",
    "correlations of results with the quality and the diversity of groups, within the query, mean over queries; that with diversity is \
     marginal: where good drafts are alike it is small though diversity helps",
    Statistic { of_cells: false, numbers: correlations },
    &[
        Entry::new("correlation.quality", "correlation with quality", &QUALITY),
        Entry::new("correlation.diversity", "correlation with diversity", &DIVERSITY),
        Entry::new("correlation.between", "correlation of quality and diversity", &BETWEEN),
    ];
}

impl Measure {
    /// Whether an arm has it.
    pub(super) fn applies(self, arm: &DraftsArm) -> bool {
        self.own().of_cells == arm.cell.is_part()
    }
}
