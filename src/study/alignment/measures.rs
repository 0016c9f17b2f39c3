//! Owns what the study measures along a path: what it is called and means, and what is estimated of it.

use super::place::Place;
use crate::engine::{Functional, Places};
use crate::inference::angle::AngleOf;
use crate::study::entry::{self, measures, quantities};
use crate::theory::gradient_path::Descended;

/// How a quantity of a policy is worked out.
pub(super) struct How {
    pub sees: Sees,
    /// For given q and pi; none where there is no angle.
    pub at: fn(&Descended, &[f64], &[f64]) -> Option<f64>,
    /// From the means of slots.
    pub functional: fn(Place) -> Functional,
}

/// What a quantity looks at.
pub(super) enum Sees {
    /// The angle of both gradients, which one of no length does not have.
    Angle,
    /// The gradient of kept responses.
    Kept,
    /// The policy and the truth alone.
    Truth,
}

/// An estimand of the study.
pub(super) type Entry = entry::Entry<How>;

static STEPS: Places = Places {
    label: "steps of gradient descent",
    ticks: &[],
    distribution: false,
};

quantities! {
    asks How;

    COSINE = "cosine",
    meaning "cosine of the angle between the gradient of kept responses and the true one: 1 where they agree, below 0 where \
     a step along one climbs the other's loss",
    formula "1 - misalignment, so it may come out above 1; its sign is judged by u.g; empty where |u| or |g| is within 4 standard \
     errors of 0; exact: the same at the exact q; none where |u| or |g| is below 1e-6",
    unit "dimensionless, from -1 to 1",
    source "arXiv 2606.00544, the failure of reward-only selection",
    How {
        sees: Sees::Angle,
        at: |policy, selected, truth| policy.misalignment(selected, truth).map(|m| 1.0 - m),
        functional: |place| place.angle(AngleOf::Cosine),
    };

    MISALIGNMENT = "misalignment",
    meaning "1 - cosine: 0 where the two gradients agree, debiased (so it may come out below 0)",
    formula "(|w|^2/2 less its bias)/(|u||g|), w = sqrt(|u||g|) (u/|u| - g/|g|) at the mean share, which is 1 - u.g/(|u||g|); MCSE by the \
     score; empty as cosine; exact: 1 - cosine, 0 for random-K-of-N",
    unit "dimensionless, from 0 to 2",
    source "score interval of a squared norm; Fieller 1954",
    How {
        sees: Sees::Angle,
        at: Descended::misalignment,
        functional: |place| place.angle(AngleOf::Misalignment),
    };

    TRUE_NORM = "true-norm",
    meaning "norm of the true gradient: where it is small its direction means little",
    formula "root of |g|^2 less its bias; empty where that is within 4 standard errors of 0; exact: |g| on the exact path (on the true path a \
     number of the world, without noise)",
    unit "nats per unit of logit, from 0 to sqrt 2",
    source "definition",
    How {
        sees: Sees::Truth,
        at: |policy, _, truth| Some(policy.distance(truth)),
        functional: |place| place.norm(|policy, _, truth, out| policy.gradient(truth, out)),
    };

    SELECTED_NORM = "selected-norm",
    meaning "norm of the gradient of kept responses: on their own path it shrinks as they are learned",
    formula "root of |u|^2 less its bias; empty as true-norm; exact: |u| at the exact q",
    unit "nats per unit of logit, from 0 to sqrt 2",
    source "definition",
    How {
        sees: Sees::Kept,
        at: |policy, selected, _| Some(policy.distance(selected)),
        functional: |place| place.norm(|policy, selected, _, out| policy.gradient(selected, out)),
    };

    EXCESS_NLL = "excess-nll",
    meaning "NLL of the policy above that of the best shared policy; on the selection's own path it may fall and then rise: \
     over-optimisation",
    formula "KL(pi || p) less its bias (so it may come out below 0); exact: KL(pi || p) on the exact path",
    unit "nats, 0 or more",
    source "definition",
    How {
        sees: Sees::Truth,
        at: |policy, _, truth| Some(policy.divergence(truth)),
        functional: |place| place.half_square(|policy, _, truth, out| policy.divergence_roots(truth, out)),
    };
}

measures! {
    enum Measure is (), asks How, static MEASURES;

    Alignment = "alignment",
    "the gradient of kept responses beside the true one at each recorded step, which `at` holds; nats per unit of logit",
    (),
    &[
        Entry::new("alignment.cosine", "cosine of selected and true gradient", &COSINE).at(&STEPS),
        Entry::new("alignment.misalignment", "1 \u{2212} cosine of the gradients", &MISALIGNMENT).at(&STEPS),
        Entry::new("alignment.true-norm", "norm of the true gradient", &TRUE_NORM).at(&STEPS),
        Entry::new("alignment.selected-norm", "norm of the selected gradient", &SELECTED_NORM).at(&STEPS),
    ];

    Path = "path",
    "the policy itself at each recorded step, which `at` holds",
    (),
    &[Entry::new("path.excess-nll", "excess NLL on the path (nats)", &EXCESS_NLL).at(&STEPS)];
}
