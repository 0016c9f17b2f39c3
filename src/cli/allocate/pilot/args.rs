//! Owns the options of pilots.

use std::path::PathBuf;

/// Options of pilots.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "A pilot instead of V_x and V_y|x")]
pub struct PilotArgs {
    /// Prompts with several responses each, in the formats of `select`; - for standard input, several are read as one
    #[arg(long, value_name = "FILE", num_args = 1.., group = "components")]
    pub pilot: Vec<PathBuf>,
    /// Column of prompt ids
    #[arg(long, value_name = "COLUMN", requires = "pilot", default_value = "prompt")]
    pub prompt: String,
    /// Column of labels, such as modes or answers: two responses agree or differ
    #[arg(long, value_name = "COLUMN", requires = "pilot", group = "said")]
    pub label: Option<String>,
    /// Column of numbers, such as scores
    #[arg(long, value_name = "COLUMN", requires = "pilot", group = "said")]
    pub value: Option<String>,
    /// Column of vectors, such as gradients or embeddings: lists, or the name before 0, 1, ... of one column per number
    #[arg(long, value_name = "COLUMN", requires = "pilot", group = "said")]
    pub vector: Option<String>,
    /// Column of a second model's numbers on the same prompts: a difference between two models is planned
    #[arg(long, value_name = "COLUMN", requires = "value")]
    pub value_other: Option<String>,
    /// Column of what prompts have in common, such as a source or a topic
    #[arg(long, value_name = "COLUMN", requires = "pilot", conflicts_with = "value_other")]
    pub cluster: Option<String>,
    /// Writes how many further responses each prompt of the pilot should have, for a budget of further responses: CSV; - for standard
    /// output
    #[arg(long, value_name = "FILE", requires = "pilot", requires = "budget",
          conflicts_with_all = ["cost_prompt", "value_other", "cluster", "as_world", "figure", "max_prompts", "design_constant", "power", "level", "mde", "target_variance", "target_se"])]
    pub per_prompt: Option<PathBuf>,
    /// Rows of a prompt may stand apart; holds the whole pilot in memory
    #[arg(long, requires = "pilot")]
    pub unsorted: bool,
    /// Seed of permutations, of draws from the fitted law, and of the sample that a large pilot is tested by
    #[arg(long, value_name = "SEED", requires = "pilot", default_value_t = 0)]
    pub seed: u64,
    /// Writes the fitted world as an experiment, so that K*, selectors and their regret can be simulated on it; of labels only
    #[arg(long, value_name = "FILE", requires = "label")]
    pub as_world: Option<PathBuf>,
}
