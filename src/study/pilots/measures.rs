//! Owns what the study measures of each pilot, one number each: what it is called and means, and what is estimated of it.

use super::cover::Covers;
use super::truth::Truth;
use crate::engine::Reference;
use crate::inference::pilot::{ALARM, Estimated, LEVEL, Verdict};
use crate::numerics::elementary::ln;
use crate::numerics::special::{normal_cdf, student_beyond};
use crate::study::entry::{self, measures, quantities};
use crate::theory::variance_law::Components;
use std::ops::RangeInclusive;

/// A pilot that was analysed.
pub(super) struct Analysed<'a> {
    pub estimated: Estimated,
    /// Where a measure asks for it.
    pub verdict: Option<Verdict>,
    pub truth: &'a Truth,
    pub covers: Covers,
}

impl Analysed<'_> {
    /// The estimated K*, as the plan of a command takes it.
    fn best(&self) -> f64 {
        let [prompt, response] = [self.estimated.prompt, self.estimated.response].map(|own| own.value.max(0.0));
        self.truth.costs.best_responses(&Components { prompt, response })
    }

    fn verdict(&self, alarms: impl Fn(&Verdict) -> bool) -> f64 {
        self.verdict.as_ref().map_or(f64::NAN, |own| event(alarms(own)))
    }
}

/// What is known of a measure.
pub(super) struct Statistic {
    /// Of a pilot.
    pub of_pilot: fn(&Analysed<'_>) -> f64,
    /// Whether it is 0 or 1.
    pub event: bool,
    /// Whether it takes the tests of the model.
    pub tests: bool,
    /// Its exact mean.
    pub exact: fn(&Truth) -> Option<f64>,
    /// What a ratio is over.
    pub truth: fn(&Truth) -> f64,
    /// What its mean is compared with.
    pub reference: fn(&Truth) -> Option<Reference>,
}

impl Statistic {
    const fn event(of_pilot: fn(&Analysed<'_>) -> f64) -> Self {
        Self {
            of_pilot,
            event: true,
            tests: false,
            exact: |_| None,
            truth: |_| 1.0,
            reference: |_| None,
        }
    }

    const fn alarm(of_pilot: fn(&Analysed<'_>) -> f64) -> Self {
        Self {
            tests: true,
            reference: |_| stated(ALARM),
            ..Self::event(of_pilot)
        }
    }
}

/// What a quantity is over.
pub(super) enum Over {
    /// Nothing.
    Nothing,
    /// The value that is estimated.
    Truth,
}

/// An estimand of the study.
pub(super) type Entry = entry::Entry<Over>;

fn event(seen: bool) -> f64 {
    f64::from(u8::from(seen))
}

/// What an estimate of K* within a quarter is over the truth.
const QUARTER: RangeInclusive<f64> = 0.75..=1.25;

fn stated(value: f64) -> Option<Reference> {
    Some(Reference {
        value,
        name: "as stated",
    })
}

fn delta_method(value: f64) -> Option<Reference> {
    value.is_finite().then_some(Reference {
        value,
        name: "delta method",
    })
}

/// Whether the interval of ln(V_x/V_{y|x}) by the jackknife's delta method holds the truth; there is none where V_x-hat is 0 or below.
fn log_covers(own: &Analysed<'_>) -> bool {
    let off = ln(own.estimated.ratio() / own.truth.ratio()) / own.estimated.log_ratio_error();
    student_beyond(off, own.estimated.prompt.df) >= 1.0 - LEVEL
}

/// How often exp(e), e normal with this standard error, is within a quarter of 1.
fn share_within(error: f64) -> f64 {
    normal_cdf(ln(*QUARTER.end()) / error) - normal_cdf(ln(*QUARTER.start()) / error)
}

quantities! {
    asks Over;

    MEAN = "mean",
    meaning "mean over pilots: of yes and no the share of pilots",
    formula "mean over pilots; exact: prompt-variance V_x + r V_{y|x} - V_x (d-1)/(n-1), response-variance V_{y|x} (1-r), r the correlation of \
     two responses given the prompt (0 but in `copies`) and d the design effect of prompts that repeat each other (1 but in `clusters`); \
     `reference` holds what intervals and tests state, .95 and .05, and for K* what the delta method gives for normal effects: with \
     s = SE(ln K*), Phi(ln 1.25/s) - Phi(ln .75/s) within a quarter, and a regret of s^2 sqrt(ab)/(sqrt a + sqrt b)^2",
    unit "variances: squared units of shares; pilot-regret: a share of the least variance, 0 or more; all others: a share, from 0 to 1",
    source "Searle, Casella and McCulloch 1992, section 3.6; Cochran 1977, section 10.6",
    Over::Nothing;

    RATIO = "ratio",
    meaning "mean estimate over what is estimated: 1 where it is unbiased",
    formula "mean over pilots / V_x, or V_{y|x}; exact: the expected estimate over the same",
    unit "dimensionless; an estimate of V_x may come out below 0",
    source "Searle, Casella and McCulloch 1992, section 3.6",
    Over::Truth;
}

measures! {
    enum Measure is Statistic, asks Over, static MEASURES;

    PromptVariance = "prompt-variance",
    "V_x as a pilot estimates it, unbiased by the analysis of variance; squared units of shares, now and then below 0",
    Statistic {
        of_pilot: |own| own.estimated.prompt.value,
        event: false,
        tests: false,
        exact: |truth| Some(truth.expected.prompt),
        truth: |truth| truth.components.prompt,
        reference: |_| None,
    },
    &[
        Entry::new("prompt-variance.mean", "estimate of $V_x$", &MEAN),
        Entry::new("prompt-variance.ratio", "estimate of $V_x$ / $V_x$", &RATIO),
    ];

    ResponseVariance = "response-variance",
    "V_{y|x} as a pilot estimates it, the mean square within prompts; squared units of shares, 0 or more",
    Statistic {
        of_pilot: |own| own.estimated.response.value,
        event: false,
        tests: false,
        exact: |truth| Some(truth.expected.response),
        truth: |truth| truth.components.response,
        reference: |_| None,
    },
    &[
        Entry::new("response-variance.mean", "estimate of $V_{y|x}$", &MEAN),
        Entry::new("response-variance.ratio", "estimate of $V_{y|x}$ / $V_{y|x}$", &RATIO),
    ];

    NoPromptVariance = "no-prompt-variance",
    "whether a pilot finds V_x at 0 or below, so that its K* is infinite; 0 or 1",
    Statistic::event(|own| event(own.estimated.has_no_prompt_variance())),
    &[Entry::new("no-prompt-variance.mean", "pilots without $V_x$", &MEAN)];

    PilotCoverage = "pilot-coverage",
    "whether the 95% set of ratios V_x/V_{y|x} by Fieller's method holds the truth, and with it the interval of K*; 0 or 1",
    Statistic {
        reference: |_| stated(LEVEL),
        ..Statistic::event(|own| event((own.covers)(&own.estimated, own.truth.ratio())))
    },
    &[Entry::new("pilot-coverage.mean", "coverage of $K^*$", &MEAN)];

    LogCoverage = "log-coverage",
    "the same of the interval of ln(V_x/V_{y|x}) by the delta method, which no command uses: it always ends, and there is none where V_x is found at 0 or below; 0 or 1",
    Statistic {
        reference: |_| stated(LEVEL),
        ..Statistic::event(|own| event(log_covers(own)))
    },
    &[Entry::new("log-coverage.mean", "coverage on a log scale", &MEAN)];

    Bounded = "bounded",
    "whether the 95% interval of K* has an upper end: V_x = 0 is rejected for one above it; 0 or 1",
    Statistic::event(|own| event(own.estimated.bounds_best(LEVEL))),
    &[Entry::new("bounded.mean", "pilots that bound $K^*$", &MEAN)];

    WithinQuarter = "within-quarter",
    "whether the estimated K* is the true one within 25%, from .75 to 1.25 times; 0 or 1",
    Statistic {
        reference: |truth| delta_method(share_within(truth.log_error)),
        ..Statistic::event(|own| {
            let (found, best) = (own.best(), own.truth.best);
            event(found == best || QUARTER.contains(&(found / best)))
        })
    },
    &[Entry::new("within-quarter.mean", "$K^*$ within a quarter", &MEAN)];

    PilotRegret = "pilot-regret",
    "by how much the variance under one budget exceeds the least there is if K is the K* of a pilot, cut to 1 to `most-responses` (for \
     continuous K and N_p); a share of the least variance, 0 or more",
    Statistic {
        of_pilot: |own| own.truth.regret(own.best()),
        event: false,
        tests: false,
        exact: |_| None,
        truth: |_| 1.0,
        reference: |truth| truth.expected_regret().and_then(delta_method),
    },
    &[Entry::new("pilot-regret.mean", "regret of the estimated $K^*$", &MEAN)];

    OrderAlarm = "order-alarm",
    "whether the test of exchangeability by itself says, at 5%, that the order of a prompt's responses means something; 0 or 1",
    Statistic::alarm(|own| own.verdict(|own| own.order.is_some_and(|order| order.p < ALARM))),
    &[Entry::new("order-alarm.mean", "alarms of the test of order", &MEAN)];

    LawAlarm = "law-alarm",
    "whether the test of the Dirichlet law by itself says, at 5%, that labels are not as in a Dirichlet world; 0 or 1",
    Statistic::alarm(|own| own.verdict(|own| own.law.is_some_and(|law| law.p < ALARM))),
    &[Entry::new("law-alarm.mean", "alarms of the test of the law", &MEAN)];

    VerdictAlarm = "verdict-alarm",
    "whether the verdict is that a pilot looks like none of these worlds: one of the two tests at half of 5%; 0 or 1",
    Statistic::alarm(|own| own.verdict(Verdict::alarms)),
    &[Entry::new("verdict-alarm.mean", "alarms of the verdict", &MEAN)];
}
