//! Owns the arguments of `select`, and what they mean together.

use super::options;
use crate::cli::CliError;
use crate::data::{ADDED_COLUMNS, Column, Format, Keeping, Missing, Nearness, Value, Wanted};
use crate::select::{Balance, CoverageTies, Objective, RewardScale, Rule, Selector, Similarity};
use std::path::{Path, PathBuf};

/// Arguments of `select`.
#[derive(Debug, clap::Args)]
#[command(after_help = options::help())]
pub struct Args {
    /// Candidates, as CSV with a header row or as JSONL, the rows of a prompt together; - for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How candidates are kept; `mode-lottery list` says what each does
    #[arg(long, value_name = "NAME", value_parser = options::named(&Selector::ALL))]
    pub selector: Selector,
    /// Candidates kept of each prompt
    #[arg(long = "k", value_name = "K", value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    pub keep: u32,
    /// File of what is kept; - for standard output. Written whole, or not at all
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub out: PathBuf,
    /// Format of the input, where its name does not tell
    #[arg(long, value_parser = options::named(&Format::ALL))]
    pub format: Option<Format>,
    /// Decides ties and what random keeps
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Column of prompt ids
    #[arg(long, value_name = "COLUMN", default_value = "prompt")]
    pub prompt: String,
    /// Column of candidate ids
    #[arg(long, value_name = "COLUMN", default_value = "candidate")]
    pub candidate: String,
    /// Column of rewards
    #[arg(long, value_name = "COLUMN", default_value = "reward")]
    pub reward: String,
    /// Column of embeddings as lists, or the name before 0, 1, ... of one column per number [default: embedding, else e]
    #[arg(long, value_name = "COLUMN")]
    pub embedding: Option<String>,
    /// The same of similarities to the prompt's candidates, in the order of its rows [default: similarity, else s]
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["embedding", "similarity"])]
    pub similarity_columns: Option<String>,
    /// How alike two embeddings are: cosine (negative ones count 0), raw-cosine, or rbf=H with bandwidth H [default: cosine]
    #[arg(long, value_name = "KIND", value_parser = options::similarity)]
    pub similarity: Option<Similarity>,
    /// Share of rewards against coverage in diverse-best, from 0 to 1 [default: 0.5]
    #[arg(long, value_name = "SHARE", value_parser = options::share)]
    pub reward_share: Option<f64>,
    /// Scale of a prompt's rewards in diverse-best [default: min-max]
    #[arg(long, value_name = "SCALE", value_parser = options::named(&RewardScale::ALL))]
    pub reward_scale: Option<RewardScale>,
    /// Whether rewards and coverage are sums or means [default: sums]
    #[arg(long, value_name = "KIND", value_parser = options::named(&Balance::ALL))]
    pub balance: Option<Balance>,
    /// Of weighted selectors: whether a candidate as similar to several kept ones adds to the weight of all in equal parts, or to
    /// that of the first [default: split]
    #[arg(long, value_name = "RULE", value_parser = options::named(&CoverageTies::ALL))]
    pub ties: Option<CoverageTies>,
    /// Leave out prompts of fewer than K candidates
    #[arg(long)]
    pub skip_short: bool,
    /// Rows of a prompt may stand apart; holds the whole file in memory
    #[arg(long)]
    pub unsorted: bool,
    /// Threads; what is kept does not depend on it [default: one per core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// Usual names of responses.
const RESPONSES: [&str; 14] = [
    "response",
    "responses",
    "completion",
    "completions[].response",
    "completions[].completion",
    "completions[].text",
    "completions[].content",
    "completions",
    "answer",
    "answers",
    "output",
    "outputs",
    "candidates",
    "generations",
];

/// Whether a selector heeds an option.
type Heeds = fn(Selector) -> bool;

/// Whether it maximises coverage.
fn covers(selector: Selector) -> bool {
    selector.needs_similarity() && selector != Selector::DiverseMaxMin
}

/// Whether it weighs rewards against coverage.
fn weighs(selector: Selector) -> bool {
    selector.needs_similarity() && selector.needs_rewards()
}

impl Args {
    /// The columns to read. An error where options contradict each other or the selector would not heed them.
    pub(super) fn wanted(&self) -> Result<Wanted, CliError> {
        self.check_heeded()?;
        self.check_names()?;
        let id = |name: &str, usual: &str, option| match name == usual {
            true => Column::usual([usual], option, Value::Text),
            false => Column::named(name, option, Value::Text),
        };
        Ok(Wanted {
            prompt: id(&self.prompt, "prompt", "--prompt"),
            candidate: id(&self.candidate, "candidate", "--candidate"),
            values: vec![
                Column {
                    // A column that is named is meant, even by a selector that could do without.
                    must: self.selector.needs_rewards() || self.reward != "reward",
                    ..Column::usual(self.reward_names(), "--reward", Value::Number)
                },
                Column::usual(RESPONSES, "--response", Value::Text),
            ],
            nearness: self.nearness(),
            records: false,
        })
    }

    fn reward_names(&self) -> Vec<&str> {
        match self.reward.as_str() {
            "reward" => vec!["reward", "rewards"],
            name => vec![name],
        }
    }

    fn nearness(&self) -> Nearness {
        match (&self.similarity_columns, &self.embedding) {
            _ if !self.selector.needs_similarity() => Nearness::Nothing,
            (Some(name), _) => Nearness::Similarity(Some(name.clone())),
            (None, Some(name)) => Nearness::Embedding(Some(name.clone())),
            // Whoever says how embeddings are compared means embeddings.
            (None, None) if self.similarity.is_some() => Nearness::Embedding(None),
            (None, None) => Nearness::Either,
        }
    }

    pub(super) fn keeping(&self) -> Keeping {
        let usual = Objective::default();
        Keeping {
            rule: Rule {
                selector: self.selector,
                objective: Objective {
                    reward_share: self.reward_share.unwrap_or(usual.reward_share),
                    rewards: self.reward_scale.unwrap_or(usual.rewards),
                    balance: self.balance.unwrap_or(usual.balance),
                    ties: self.ties.unwrap_or(usual.ties),
                },
            },
            similarity: self.similarity.unwrap_or(Similarity::Cosine),
            keep: Some(self.keep as usize),
            seed: self.seed,
            skip_short: self.skip_short,
            skip_equal: false,
            rewards: vec![1.0],
            missing: Missing::Error,
            distinct: None,
        }
    }

    /// The input in messages.
    pub(super) fn input_name(&self) -> String {
        match self.file == Path::new("-") {
            true => "standard input".to_owned(),
            false => self.file.display().to_string(),
        }
    }

    /// An option without effect would be a wish that nobody hears.
    fn check_heeded(&self) -> Result<(), CliError> {
        let given: [(&str, bool, Heeds); 7] = [
            ("--reward-share", self.reward_share.is_some(), weighs),
            ("--reward-scale", self.reward_scale.is_some(), weighs),
            ("--balance", self.balance.is_some(), covers),
            ("--ties", self.ties.is_some(), Selector::weighted),
            ("--similarity", self.similarity.is_some(), Selector::needs_similarity),
            (
                "--similarity-columns",
                self.similarity_columns.is_some(),
                Selector::needs_similarity,
            ),
            ("--embedding", self.embedding.is_some(), Selector::needs_similarity),
        ];
        for (option, is_given, heeds) in given {
            if is_given && !heeds(self.selector) {
                let others = Selector::ALL.into_iter().filter(|other| heeds(*other));
                let others: Vec<&str> = others.map(Selector::name).collect();
                return Err(CliError::Input(format!(
                    "{option} has no effect on {}: leave it out, or keep by {}",
                    self.selector.name(),
                    others.join(", ")
                )));
            }
        }
        Ok(())
    }

    /// Every column is read for one thing only, and the output has its own names beside the input's.
    fn check_names(&self) -> Result<(), CliError> {
        let mut names = vec![
            ("--prompt", self.prompt.as_str()),
            ("--candidate", &self.candidate),
            ("--reward", &self.reward),
        ];
        for (option, name) in &names {
            if ADDED_COLUMNS.contains(name) {
                let what = format!("{option} {name}: the output has a column of this name: rename the input's");
                return Err(CliError::Input(what));
            }
        }
        names.extend(self.embedding.as_deref().map(|name| ("--embedding", name)));
        names.extend(
            self.similarity_columns
                .as_deref()
                .map(|name| ("--similarity-columns", name)),
        );
        for (at, (option, name)) in names.iter().enumerate() {
            if let Some((other, _)) = names[..at].iter().find(|(_, earlier)| earlier == name) {
                let what = format!("{other} and {option} both name the column {name:?}: name two");
                return Err(CliError::Input(what));
            }
        }
        Ok(())
    }
}
