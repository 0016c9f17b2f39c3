//! Owns what the study measures along a path: what it is called and means, and what is estimated of it.

use super::place::{Bounds, Place};
use crate::engine::{Functional, Places};
use crate::inference::angle::AngleOf;
use crate::study::entry::{self, measures, quantities};
use crate::theory::early_stopping::Turn;
use crate::theory::gradient_path::{Descended, LEAST_NORM};

/// How a quantity is worked out.
pub(super) enum How {
    /// Of the policy at each recorded step.
    Step {
        sees: Sees,
        /// For given q and pi; none where there is no angle.
        at: fn(&Descended, &[f64], &[f64]) -> Option<f64>,
        /// From the means of slots.
        functional: fn(Place) -> Functional,
    },
    /// Of the policy at each recorded step and what bounds every selection, of arms that keep the best.
    Bounded(fn(&Descended, &Bounds, &[f64]) -> Option<f64>),
    /// Of the own path up to its last recorded step, once.
    Turn {
        of: fn(&Turn) -> f64,
        /// Whether it is a time, which a formula for early stops foretells.
        time: bool,
    },
}

/// What a quantity looks at.
pub(super) enum Sees {
    /// The angle of both gradients, which one of no length does not have.
    Angle,
    /// The gradient of kept responses.
    Kept,
    /// The same beside that of the worst reward.
    Tilt,
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
    How::Step {
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
    How::Step {
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
    How::Step {
        sees: Sees::Truth,
        at: |policy, _, truth| Some(policy.distance(truth)),
        functional: |place| place.norm(|policy, _, truth, out| policy.gradient(truth, out)),
    };

    SELECTED_NORM = "selected-norm",
    meaning "norm of the gradient of kept responses: on their own path it shrinks as they are learned",
    formula "root of |u|^2 less its bias; empty as true-norm; exact: |u| at the exact q",
    unit "nats per unit of logit, from 0 to sqrt 2",
    source "definition",
    How::Step {
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
    How::Step {
        sees: Sees::Truth,
        at: |policy, _, truth| Some(policy.divergence(truth)),
        functional: |place| place.half_square(|policy, _, truth, out| policy.divergence_roots(truth, out)),
    };

    RATIO = "ratio",
    meaning "covariance of the tilt of selection with what a true step does to the logits, over |g|^2: above 1 the cosine is negative, and \
     nowhere else",
    formula "h.(q - pi)/|g|^2, h = g = p - pi (= 1 - u.g/|g|^2); empty where |g| is below 1e-6; exact: the same at the exact q; `reference` \
     holds the greatest over all rewards",
    unit "dimensionless",
    source "g - u = q - pi, multiplied by g",
    How::Step {
        sees: Sees::Tilt,
        at: tilt,
        functional: |place| place.scalar(tilt),
    };

    GREATEST = "greatest",
    meaning "the greatest ratio of all rewards, and of all rules that keep K of N with equal weights: at 1 and below none of them is misaligned",
    formula "sum over modes along h from its greatest entry of h (F - F before - pi)/|g|^2, F = E min(K, C)/K of the modes so far, C their \
     candidates; exact: the same on the exact path",
    unit "dimensionless, 0 or more",
    source "Edmonds 1970, greedy on the base polytope of F",
    How::Bounded(|policy, bounds, truth| over_square(policy, truth, bounds.greatest(policy, truth)));

    CERTIFICATE = "certificate",
    meaning "a bound of the ratio that no reward exceeds, by N and K alone: below 1 the cosine is positive for every reward",
    formula "sigma_w sqrt(E Var h)/|g|^2, sigma_w^2 = int w^2 - 1, w(u) = (N/K) P(Bin(N-1, u) <= K-1), Var h within prompts; exact: the same on the \
     exact path",
    unit "dimensionless, 0 or more",
    source "Cauchy and Schwarz",
    How::Bounded(|policy, bounds, truth| over_square(policy, truth, bounds.certificate(policy, truth)));

    ZERO = "zero",
    meaning "when the cosine first vanishes on the selection's own path, in steps times their length; 0 where it is negative from the start",
    formula "a straight line between the steps where u.g changes its sign; exact: the same at the exact q; `reference` holds \
     M ln(|a|^2/(-a.b)), a = -theta_q, b = theta_q - theta_pi, of a loss that is alike in all directions",
    unit "steps times rate, 0 or more",
    source "dL/dt = -u.g along gradient flow",
    How::Turn { of: |turn| turn.zero, time: true };

    LEAST = "least",
    meaning "when the excess NLL is least on the selection's own path, in steps times their length; 0 where no step helps",
    formula "the vertex of a parabola through the step of least loss and its neighbours; exact: the same at the exact q; `reference` as zero",
    unit "steps times rate, 0 or more",
    source "definition",
    How::Turn { of: |turn| turn.least, time: true };

    GAP = "gap",
    meaning "by how much the loss is least later than where the cosine vanishes: 0 in steps of no length",
    formula "least - zero",
    unit "steps times rate",
    source "definition",
    How::Turn { of: |turn| turn.least - turn.zero, time: false };
}

/// E Cov(h, t)/|g|^2 = 1 - <u, g>/|g|^2; none where the true gradient has no length.
fn tilt(policy: &Descended, selected: &[f64], truth: &[f64]) -> Option<f64> {
    let covariance: f64 = (policy.probabilities().iter().zip(truth))
        .zip(selected)
        .map(|((p, pi), q)| (p - pi) * (q - pi))
        .sum();
    over_square(policy, truth, covariance)
}

/// A number over |g|^2; none where the true gradient has no length.
pub(super) fn over_square(policy: &Descended, truth: &[f64], of: f64) -> Option<f64> {
    let norm = policy.distance(truth);
    (norm >= LEAST_NORM).then(|| of / (norm * norm))
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

    Condition = "condition",
    "how far selection tilts against a true step, at each recorded step, and the most that any reward could",
    (),
    &[
        Entry::new("condition.ratio", "tilt against a true step / $|g|^2$", &RATIO).at(&STEPS),
        Entry::new("condition.greatest", "greatest tilt of any reward / $|g|^2$", &GREATEST)
            .at(&STEPS)
            .needs("arms that keep the best of a world of Dirichlet prompts"),
        Entry::new("condition.certificate", "bound of the tilt / $|g|^2$", &CERTIFICATE)
            .at(&STEPS)
            .needs("arms that keep the best of a world of Dirichlet prompts"),
    ];

    Turn = "turn",
    "where the selection's own path turns against the truth, within the recorded steps",
    (),
    &[
        Entry::new("turn.zero", "time of the right angle", &ZERO).needs("arms that take the path of what they keep"),
        Entry::new("turn.least", "time of the least loss", &LEAST).needs("arms that take the path of what they keep"),
        Entry::new("turn.gap", "least loss after the right angle", &GAP).needs("arms that take the path of what they keep"),
    ];
}
