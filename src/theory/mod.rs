//! Closed forms of the papers and of classical sampling theory, as functions of numbers alone.
//!
//! It never draws, fits or reads anything; worlds hand it their variance components.
//!
//! - [`aggregation`]: drafts, layers that aggregate them, and the best of several.
//! - [`budget`]: how many responses a budget should buy per prompt.
//! - [`design`]: whole numbers of prompts and responses, for a budget or a target.
//! - [`early_stopping`]: when training on selected responses should stop.
//! - [`evaluation`]: how many questions and samples find a difference between two models.
//! - [`complete`]: the expected error of a fitted shared policy, given that it saw every mode.
//! - [`evaluation`]: how many questions and samples tell two models apart.
//! - [`gradient_path`]: where the gradient of selected responses points as a policy learns.
//! - [`misalignment`]: when a reward turns the gradient against the truth, and the certificate that none does.
//! - [`missing`]: how often some mode has no response.
//! - [`neyman`]: how many responses each prompt should have, where prompts differ in how much theirs vary.
//! - [`optimum`]: the best log-linear policy of a population.
//! - [`plan`]: the best design for a budget or a target, what others reach beside it, and how flat the valley is.
//! - [`prices`]: what prompts, candidates and training cost apart, and which selector a budget then wants.
//! - [`prompt_scores`]: how much the responses of single prompts vary, as a policy sees it.
//! - [`redundancy`]: what prompts that repeat each other do to the variance.
//! - [`sandwich`]: what a policy fitted to data loses, from its gradients near its optimum.
//! - [`selected`]: what Best-K-of-N and diverse selectors keep, in mean and second moment.
//! - [`sequences`]: responses of several tokens, and what policies lose that read their own prefix.
//! - [`shared_fit`]: the expected error of a fitted shared policy.
//! - [`simplex`]: means over Dirichlet prompts of polynomials in their weights.
//! - [`smoothing`]: what fits to smoothed labels lose.
//! - [`variance_law`]: what prompts and responses each contribute to the variance of what is learned.

pub mod aggregation;
pub mod budget;
pub mod complete;
pub mod design;
pub mod early_stopping;
pub mod evaluation;
pub mod gradient_path;
pub mod misalignment;
pub mod missing;
pub mod neyman;
pub mod optimum;
pub mod plan;
pub mod prices;
pub mod prompt_scores;
pub mod redundancy;
pub mod sandwich;
pub mod selected;
pub mod sequences;
pub mod shared_fit;
pub mod simplex;
pub mod smoothing;
pub mod variance_law;
