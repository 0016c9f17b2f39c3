//! Owns what the study measures along a path: what it is called and means, and what is estimated of it.

use crate::engine::{EstimandKind, Places, Quantity};
use crate::study::measures::measures;

static COSINE: Quantity = Quantity {
    name: "cosine",
    meaning: "cosine of the angle between the gradient of kept responses and the true one: 1 where they agree, below 0 where \
              a step along one climbs the other's loss",
    formula: "1 - misalignment, so it may come out above 1; its sign is judged by u.g; empty where |u| or |g| is within 4 standard \
              errors of 0; exact: the same at the exact q; none where |u| or |g| is below 1e-6",
    unit: "dimensionless, from -1 to 1",
    source: "arXiv 2606.00544, the failure of reward-only selection",
};

static MISALIGNMENT: Quantity = Quantity {
    name: "misalignment",
    meaning: "1 - cosine: 0 where the two gradients agree, debiased (so it may come out below 0)",
    formula: "(|w|^2/2 less its bias)/(|u||g|), w = sqrt(|u||g|) (u/|u| - g/|g|) at the mean share, which is 1 - u.g/(|u||g|); MCSE by the \
              score; empty as cosine; exact: 1 - cosine, 0 for random-K-of-N",
    unit: "dimensionless, from 0 to 2",
    source: "score interval of a squared norm; Fieller 1954",
};

static TRUE_NORM: Quantity = Quantity {
    name: "true-norm",
    meaning: "norm of the true gradient: where it is small its direction means little",
    formula: "root of |g|^2 less its bias; empty where that is within 4 standard errors of 0; exact: |g| on the exact path (on the true path a \
              number of the world, without noise)",
    unit: "nats per unit of logit, from 0 to sqrt 2",
    source: "definition",
};

static SELECTED_NORM: Quantity = Quantity {
    name: "selected-norm",
    meaning: "norm of the gradient of kept responses: on their own path it shrinks as they are learned",
    formula: "root of |u|^2 less its bias; empty as true-norm; exact: |u| at the exact q",
    unit: "nats per unit of logit, from 0 to sqrt 2",
    source: "definition",
};

static EXCESS_NLL: Quantity = Quantity {
    name: "excess-nll",
    meaning: "NLL of the policy above that of the best shared policy; on the selection's own path it may fall and then rise: \
              over-optimisation",
    formula: "KL(pi || p) less its bias (so it may come out below 0); exact: KL(pi || p) on the exact path",
    unit: "nats, 0 or more",
    source: "definition",
};

static STEPS: Places = Places {
    label: "steps of gradient descent",
    ticks: &[],
};

/// What is estimated at each recorded step.
const fn at_steps(name: &'static str, label: &'static str, quantity: &'static Quantity) -> EstimandKind {
    EstimandKind {
        at: Some(&STEPS),
        ..EstimandKind::new(name, label, quantity)
    }
}

measures! {
    enum Measure, static MEASURES;

    Alignment = "alignment",
    "the gradient of kept responses beside the true one at each recorded step, which `at` holds; nats per unit of logit",
    &[
        at_steps("alignment.cosine", "cosine of selected and true gradient", &COSINE),
        at_steps("alignment.misalignment", "1 \u{2212} cosine of the gradients", &MISALIGNMENT),
        at_steps("alignment.true-norm", "norm of the true gradient", &TRUE_NORM),
        at_steps("alignment.selected-norm", "norm of the selected gradient", &SELECTED_NORM),
    ];

    Path = "path",
    "the policy itself at each recorded step, which `at` holds",
    &[at_steps("path.excess-nll", "excess NLL on the path (nats)", &EXCESS_NLL)];
}
