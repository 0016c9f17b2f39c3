//! Owns what the study measures: what it is called and means, and what is estimated of it.

use super::arm::{AftArm, How as Procedure};
use super::scored::Case;
use crate::study::entry::{self, measures, quantities};
use crate::theory::aggregation::{ceiling, compute};
use crate::world::SlotWorld;

/// What is known of a measure.
pub(super) enum Statistic {
    /// A number of an arm's answers in a replicate: a mean over queries.
    Answers(fn(&mut Case<'_, '_>) -> f64, Applies),
    /// Nothing is measured: numbers of theory.
    Theory,
}

/// Which arms have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Applies {
    /// All.
    Always,
    /// Those that end in one answer of known probabilities, whose drafts were drawn: not best-of.
    Answered,
    /// Those that answer otherwise than at once.
    Indirect,
    /// Those that have drafts.
    Drafted,
    /// Those whose model was trained.
    Trained,
}

/// How a quantity is worked out.
pub(super) enum How {
    /// The mean of the measure.
    Mean,
    /// e to the mean.
    Exponential,
    /// A number of the arm.
    OfArm(fn(&AftArm) -> f64),
    /// A number of the world.
    OfWorld(fn(&SlotWorld) -> f64),
}

/// An estimand of the study.
pub(super) type Entry = entry::Entry<How>;

const PAPER: &str = "arXiv 2501.11877";

quantities! {
    asks How;

    MEAN = "mean",
    meaning "mean over replicates, each of which trains its models anew",
    formula "mean of X over replicates",
    unit "that of X",
    source "definition",
    How::Mean;

    PERPLEXITY = "perplexity",
    meaning "e to the mean loss of a slot",
    formula "exp(mean of X over replicates)",
    unit "modes, 1 or more",
    source "definition",
    How::Exponential;

    SHARED = "shared",
    meaning "cost of an answer where passes of a layer share the work on their common prompt",
    formula "(2 L N + 1) F; 2 n F of best-of-n, half of it for the reward model",
    unit "F, the cost of one generation",
    source PAPER,
    How::OfArm(|arm| arm.answer.compute());

    UNSHARED = "unshared",
    meaning "the same where each pass reads its prompt anew",
    formula "(L N + (L - 1) N^2 + N + 1) F, F without drafts; 2 n F of best-of-n",
    unit "F, the cost of one generation",
    source PAPER,
    How::OfArm(|arm| arm.answer.compute_unshared());

    GENERATIONS = "generations",
    meaning "responses that are generated for an answer",
    formula "L N + 1; n of best-of-n",
    unit "a count",
    source PAPER,
    How::OfArm(|arm| arm.answer.generations());

    GREEDY_DRAFT = "greedy-draft",
    meaning "expected reward of the best answer without drafts: a pass that recalls takes the mode of the largest first feature, one that lapses any",
    formula "(1 - h) A_V(d) + h V/M, A_V(d) the probability that the largest of V normals of mean d beats M - V of mean 0",
    unit "a share, from 0 to 1",
    source "order statistics",
    How::OfWorld(|world| (1.0 - world.lapse) * best(world, world.discriminability) + world.lapse * share(world));

    ON_POLICY = "on-policy",
    meaning "expected reward that no aggregation of the model's own drafts exceeds: every mode seen, all evidence used",
    formula "A_V(sqrt(d^2 + kappa^2))",
    unit "a share, from 0 to 1",
    source "order statistics",
    How::OfWorld(|world| best(world, (world.discriminability * world.discriminability + world.verification * world.verification).sqrt()));
}

fn best(world: &SlotWorld, strength: f64) -> f64 {
    ceiling(strength, world.modes as u32, world.valid as u32)
}

fn share(world: &SlotWorld) -> f64 {
    world.valid as f64 / world.modes as f64
}

measures! {
    enum Measure is Statistic, asks How, static MEASURES;

    Score = "score",
    "the reward to expect of an answer: the share of its slots that are right, mean over queries, from 0 to 1. The probabilities of the answer are \
     scored, no draw of it",
    Statistic::Answers(|at| at.score(), Applies::Always),
    &[Entry::new("score.mean", "expected reward", &MEAN)];

    Gain = "gain",
    "score less that of the same model and temperature without drafts, on the same queries",
    Statistic::Answers(|at| at.score() - at.direct_score(), Applies::Indirect),
    &[Entry::new("gain.mean", "gain over a direct answer", &MEAN)];

    ExactMatch = "exact-match",
    "the probability that all slots of an answer are right, mean over queries, from 0 to 1",
    Statistic::Answers(|at| at.exact_match(), Applies::Answered),
    &[Entry::new("exact-match.mean", "all slots right", &MEAN)];

    GreedyScore = "greedy-score",
    "score of the answer's likeliest mode in each pass: the last temperature goes to 0, that of drafts stays",
    Statistic::Answers(|at| at.greedy_score(), Applies::Answered),
    &[Entry::new("greedy-score.mean", "expected reward, greedy", &MEAN)];

    GainOverGreedy = "gain-over-greedy",
    "score less that of a greedy direct answer of the same model: what sampling at a temperature had lost is no gain of aggregation",
    Statistic::Answers(|at| at.score() - at.greedy_direct_score(), Applies::Always),
    &[Entry::new("gain-over-greedy.mean", "gain over a greedy answer", &MEAN)];

    AnswerEntropy = "answer-entropy",
    "entropy of the answer of a slot, mean over slots and queries, in nats",
    Statistic::Answers(|at| at.entropy(), Applies::Answered),
    &[Entry::new("answer-entropy.mean", "entropy of the answer (nats)", &MEAN)];

    BestDraft = "best-draft",
    "reward of the best draft of the first layer, which only who knows the rewards can name, mean over queries",
    Statistic::Answers(|at| at.best_draft(), Applies::Drafted),
    &[Entry::new("best-draft.mean", "best draft", &MEAN)];

    GainOverBestDraft = "gain-over-best-draft",
    "score less the reward of the best draft of the first layer: above 0 no choice among the drafts would do",
    Statistic::Answers(|at| at.score() - at.best_draft(), Applies::Drafted),
    &[Entry::new("gain-over-best-draft.mean", "gain over the best draft", &MEAN)];

    Plurality = "plurality",
    "reward of the mode that most drafts of the first layer have in each slot, ties at random, mean over queries",
    Statistic::Answers(|at| at.plurality(), Applies::Drafted),
    &[Entry::new("plurality.mean", "plurality of drafts", &MEAN)];

    GainOverPlurality = "gain-over-plurality",
    "score less the reward of the plurality of the first layer's drafts",
    Statistic::Answers(|at| at.score() - at.plurality(), Applies::Drafted),
    &[Entry::new("gain-over-plurality.mean", "gain over plurality", &MEAN)];

    BayesScore = "bayes-score",
    "reward of the best aggregator of the first layer's drafts: it knows the laws of the world, and takes the likeliest right mode of each slot",
    Statistic::Answers(|at| at.bayes_score(), Applies::Drafted),
    &[Entry::new("bayes-score.mean", "Bayes aggregator", &MEAN)];

    BayesGap = "bayes-gap",
    "what the Bayes aggregator of the first layer's drafts gains over the greedy answer",
    Statistic::Answers(|at| at.bayes_score() - at.greedy_score(), Applies::Drafted),
    &[Entry::new("bayes-gap.mean", "gap to Bayes", &MEAN)];

    TrainingLoss = "training-loss",
    "cross-entropy of a pass on the examples that the model is trained on, after training, in nats per slot; with 0 steps that of the model that \
     training starts from",
    Statistic::Answers(|at| at.training_loss(), Applies::Trained),
    &[
        Entry::new("training-loss.mean", "loss (nats per slot)", &MEAN),
        Entry::new("training-loss.perplexity", "perplexity per slot", &PERPLEXITY),
    ];

    StepsToTenth = "steps-to-tenth",
    "steps after which a tenth of the loss above its minimum is left, by lines between steps; those of the whole training where more is",
    Statistic::Answers(|at| at.steps_to(0.1), Applies::Trained),
    &[Entry::new("steps-to-tenth.mean", "steps to a tenth", &MEAN)];

    StepsToHundredth = "steps-to-hundredth",
    "the same of a hundredth",
    Statistic::Answers(|at| at.steps_to(0.01), Applies::Trained),
    &[Entry::new("steps-to-hundredth.mean", "steps to a hundredth", &MEAN)];

    LossSpread = "loss-spread",
    "standard deviation of the loss over the last half of the steps, each of what the step saw, in nats per slot",
    Statistic::Answers(|at| at.loss_spread(), Applies::Trained),
    &[Entry::new("loss-spread.mean", "spread of the loss (nats)", &MEAN)];

    Sharpness = "sharpness",
    "the largest eigenvalue of the loss's Hessian after training: steps longer than 2 over it oscillate",
    Statistic::Answers(|at| at.sharpness(), Applies::Trained),
    &[Entry::new("sharpness.mean", "sharpness", &MEAN)];

    KlDirect = "kl-direct",
    "KL(pi || base) of answers without drafts at temperature 1, mean over queries, in nats per slot",
    Statistic::Answers(|at| at.kl_direct(), Applies::Always),
    &[Entry::new("kl-direct.mean", "KL from the base (nats)", &MEAN)];

    KlOwn = "kl-own",
    "the same of answers to what the model was trained on, mean over its examples",
    Statistic::Answers(|at| at.kl_own(), Applies::Trained),
    &[Entry::new("kl-own.mean", "KL from the base, own inputs (nats)", &MEAN)];

    Compute = "compute",
    "what an answer costs: nothing of it is estimated",
    Statistic::Theory,
    &[
        Entry::new("compute.shared", "compute (F)", &SHARED),
        Entry::new("compute.unshared", "compute (F)", &UNSHARED),
        Entry::new("compute.generations", "generations", &GENERATIONS),
    ];

    Ceiling = "ceiling",
    "what no answer of a kind exceeds in this world: nothing of it is estimated",
    Statistic::Theory,
    &[
        Entry::new("ceiling.greedy-draft", "ceiling of drafts", &GREEDY_DRAFT),
        Entry::new("ceiling.on-policy", "ceiling on policy", &ON_POLICY),
    ];
}

impl super::arm::Answer {
    /// F.
    pub(super) fn compute(&self) -> f64 {
        (match self.how {
            Procedure::Aggregate { width, depth, .. } => compute::aggregate(width, depth),
            Procedure::BestOf { candidates, .. } => compute::best_of(candidates),
        }) as f64
    }

    fn compute_unshared(&self) -> f64 {
        (match self.how {
            Procedure::Aggregate { width, depth, .. } => compute::aggregate_unshared(width, depth),
            Procedure::BestOf { candidates, .. } => compute::best_of(candidates),
        }) as f64
    }

    fn generations(&self) -> f64 {
        match self.how {
            Procedure::Aggregate { width, depth, .. } => compute::generations(width, depth) as f64,
            Procedure::BestOf { candidates, .. } => f64::from(candidates),
        }
    }
}

impl Measure {
    /// Whether an arm has it.
    pub(super) fn applies(self, arm: &AftArm) -> bool {
        let chained = arm.answer.evaluation == super::arm::Evaluation::Chain;
        let best_of = matches!(arm.answer.how, Procedure::BestOf { .. });
        match self.own() {
            Statistic::Theory | Statistic::Answers(_, Applies::Always) => true,
            Statistic::Answers(_, Applies::Answered) => !best_of && !chained,
            Statistic::Answers(_, Applies::Indirect) => !arm.answer.is_direct(),
            Statistic::Answers(_, Applies::Drafted) => arm.answer.aggregates() && !chained,
            Statistic::Answers(_, Applies::Trained) => arm.model.kind.is_trained(),
        }
    }
}
