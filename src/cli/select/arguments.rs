//! Owns the arguments of `select`, and what they mean together.

use super::options;
use super::options::Duplicates;
use crate::cli::CliError;
use crate::data::{ADDED_COLUMNS, Column, Content, Format, Keeping, Missing, Nearness, OwnKeep, Value, Wanted};
use crate::format::keys::Named;
use crate::select::{Balance, CoverageTies, Objective, RewardScale, Rule, Selector, Similarity};
use std::path::{Path, PathBuf};

/// Arguments of `select`.
#[derive(Debug, clap::Args)]
#[command(after_help = options::short_help(), after_long_help = options::help())]
#[command(group = clap::ArgGroup::new("number").args(["keep", "keep_column", "total"]).multiple(true))]
pub struct Args {
    /// Candidates, as CSV, TSV, JSONL or a JSON array, also .gz or .zst; several are read as one; - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// How candidates are kept; `mode-lottery list` says what each does. random is unbiased; best narrows what is learned to what the reward
    /// prefers, and rarer answers vanish
    #[arg(long, value_name = "NAME", value_parser = options::named(&Selector::ALL), required_unless_present = "pairs", requires = "number")]
    pub selector: Option<Selector>,
    /// Candidates kept of each prompt
    #[arg(long = "k", value_name = "K", value_parser = clap::value_parser!(u32).range(1..=1 << 20),
          required_unless_present_any = ["pairs", "keep_column", "total"], requires = "selector", conflicts_with_all = ["keep_column", "total"])]
    pub keep: Option<u32>,
    /// Column of how many are kept of each prompt; with --total of numbers that these are proportional to, such as root variances
    #[arg(hide_short_help = true, long, value_name = "COLUMN", requires = "selector")]
    pub keep_column: Option<String>,
    /// Candidates kept of all prompts together, at least one of each: as many of each as can be, or in proportion to --keep-column
    #[arg(hide_short_help = true, long, value_name = "T", value_parser = clap::value_parser!(u64).range(1..), requires = "selector")]
    pub total: Option<u64>,
    /// File of what is kept; - for standard output. Written whole, or not at all
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub out: PathBuf,
    /// Column of prompt ids, or path to them as in --reward
    #[arg(long, value_name = "COLUMN", default_value = "prompt")]
    pub prompt: String,
    /// Column of candidate ids; without one candidates are numbered from 0
    #[arg(long, value_name = "COLUMN", default_value = "candidate")]
    pub candidate: String,
    /// Column of rewards, or a path such as completions[].score; several with weights: --reward a=0.7 --reward b=0.3
    #[arg(long, value_name = "COLUMN", default_value = "reward")]
    pub reward: Vec<String>,
    /// Column of embeddings as lists, or the name before 0, 1, ... of one column per number [default: embedding, else e]
    #[arg(long, value_name = "COLUMN")]
    pub embedding: Option<String>,
    /// Column of responses, which pairs, duplicates and the report look at [default: response, completion, ...]
    #[arg(long, value_name = "COLUMN", hide_short_help = true)]
    pub response: Option<String>,
    /// Write the input's rows, all their columns, in their shape, with rank, weight and gain added
    #[arg(long, conflicts_with = "pairs")]
    pub carry: bool,
    /// Write prompt, chosen, rejected: the best and the worst of each prompt, or of what --selector keeps
    #[arg(long)]
    pub pairs: bool,
    /// Candidates without a reward (empty, null, NaN): refused, left out, or kept only after all others
    #[arg(long, value_name = "POLICY", value_parser = options::named(&Missing::ALL), default_value = Missing::Error.name())]
    pub missing: Missing,
    /// Say what was kept beside what was there and what random would have kept
    #[arg(long)]
    pub report: bool,
    /// Copies of a response within a prompt: kept, or all but the first by id left out, which biases random, since frequent responses then
    /// count once
    #[arg(long, value_name = "POLICY", value_parser = options::named(&Duplicates::ALL), default_value = Duplicates::Keep.name(), hide_short_help = true)]
    pub duplicates: Duplicates,
    /// Leave out prompts of fewer than K candidates
    #[arg(long, hide_short_help = true)]
    pub skip_short: bool,
    /// Leave out prompts whose rewards are all equal
    #[arg(long, hide_short_help = true)]
    pub skip_equal: bool,
    /// Format of the input, whatever its name and its first bytes tell
    #[arg(long, value_parser = options::named(&Format::ALL), hide_short_help = true)]
    pub format: Option<Format>,
    /// Decides ties and what random keeps
    #[arg(long, default_value_t = 0, hide_short_help = true)]
    pub seed: u64,
    /// Similarities to the prompt's candidates, in the order of its rows, as --embedding names embeddings [default: similarity, else s]
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["embedding", "similarity"], hide_short_help = true)]
    pub similarity_columns: Option<String>,
    /// How alike two embeddings are: cosine (negative ones count 0), raw-cosine, or rbf=H with bandwidth H [default: cosine]
    #[arg(long, value_name = "KIND", value_parser = options::similarity, hide_short_help = true)]
    pub similarity: Option<Similarity>,
    /// Share of rewards against coverage in diverse-best, from 0 to 1 [default: 0.5]
    #[arg(long, value_name = "SHARE", value_parser = options::share, hide_short_help = true)]
    pub reward_share: Option<f64>,
    /// Scale of a prompt's rewards in diverse-best [default: min-max]
    #[arg(long, value_name = "SCALE", value_parser = options::named(&RewardScale::ALL), hide_short_help = true)]
    pub reward_scale: Option<RewardScale>,
    /// Whether rewards and coverage are sums or means [default: sums]
    #[arg(long, value_name = "KIND", value_parser = options::named(&Balance::ALL), hide_short_help = true)]
    pub balance: Option<Balance>,
    /// Of weighted selectors: whether a candidate as similar to several kept ones adds to the weight of all in equal parts, or to
    /// that of the first [default: split]
    #[arg(long, value_name = "RULE", value_parser = options::named(&CoverageTies::ALL), hide_short_help = true)]
    pub ties: Option<CoverageTies>,
    /// The reward that a candidate must exceed to pass filter [default: 0.5]
    #[arg(long, value_name = "REWARD", allow_hyphen_values = true, hide_short_help = true)]
    pub threshold: Option<f64>,
    /// Rows of a prompt may stand apart; holds the whole file in memory
    #[arg(long, hide_short_help = true)]
    pub unsorted: bool,
    /// Threads; what is kept does not depend on it [default: one per core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024), hide_short_help = true)]
    pub threads: Option<u16>,
    /// Print nothing but errors
    #[arg(long, short, hide_short_help = true)]
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

/// A column of rewards and its weight.
struct Reward<'a> {
    column: &'a str,
    weight: f64,
}

impl Args {
    /// The selector; of pairs without one that which ranks by reward.
    pub(super) fn selector(&self) -> Selector {
        self.selector.unwrap_or(Selector::Best)
    }

    /// The columns to read. An error where options contradict each other or the selector would not heed them.
    pub(super) fn wanted(&self) -> Result<Wanted, CliError> {
        self.check_heeded()?;
        self.check_names()?;
        let id = |name: &str, usual: &str, option| match name == usual {
            true => Column::usual([usual], option, Value::Text),
            false => Column::named(name, option, Value::Text),
        };
        let mut values: Vec<Column> = self.rewards().iter().map(|reward| self.reward_column(reward)).collect();
        values.push(match &self.response {
            Some(name) => Column::named(name, "--response", Value::Text),
            None => Column::usual(RESPONSES, "--response", Value::Text),
        });
        values.extend(
            self.keep_column
                .as_ref()
                .map(|name| Column::named(name, "--keep-column", Value::Shared)),
        );
        Ok(Wanted {
            prompt: id(&self.prompt, "prompt", "--prompt"),
            candidate: id(&self.candidate, "candidate", "--candidate"),
            values,
            nearness: self.nearness(),
            records: self.carry,
        })
    }

    fn reward_column(&self, reward: &Reward<'_>) -> Column {
        match (&self.reward[..], reward.column) {
            ([_], "reward") => Column {
                must: self.selector().needs_rewards() || self.pairs,
                ..Column::usual(["reward", "rewards"], "--reward", Value::Number)
            },
            // A column that is named is meant, even by a selector that could do without.
            (_, name) => Column::named(name, "--reward", Value::Number),
        }
    }

    fn rewards(&self) -> Vec<Reward<'_>> {
        let reward = |text: &'_ String| -> Option<(usize, f64)> {
            let (column, weight) = text.rsplit_once('=')?;
            let weight: f64 = weight.parse().ok()?;
            weight.is_finite().then_some((column.len(), weight))
        };
        let all = self.reward.iter().map(|text| match reward(text) {
            Some((end, weight)) => Reward {
                column: &text[..end],
                weight,
            },
            None => Reward {
                column: text,
                weight: 1.0,
            },
        });
        all.collect()
    }

    /// The name of rewards in the output.
    pub(super) fn reward_label(&self) -> String {
        match &self.rewards()[..] {
            // Of a path into lists, its end.
            [one] if one.column.contains("[]") => one.column.rsplit(['.', ']']).next().unwrap_or_default().to_owned(),
            [one] => one.column.to_owned(),
            _ => "reward".to_owned(),
        }
    }

    /// The column of responses among those wanted.
    pub(super) fn response_column(&self) -> usize {
        self.reward.len()
    }

    /// Whether copies of a response are left out.
    pub(super) fn duplicates_dropped(&self) -> bool {
        self.duplicates == Duplicates::Drop
    }

    /// What is written.
    pub(super) fn content(&self) -> Content {
        match (self.carry, self.pairs) {
            (true, _) => Content::Rows,
            (_, true) => Content::Pairs,
            _ => Content::Picks,
        }
    }

    fn nearness(&self) -> Nearness {
        match (&self.similarity_columns, &self.embedding) {
            _ if !self.selector().needs_similarity() && !self.report => Nearness::Nothing,
            (None, None) if !self.selector().needs_similarity() => Nearness::IfThere,
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
                selector: self.selector(),
                objective: Objective {
                    reward_share: self.reward_share.unwrap_or(usual.reward_share),
                    rewards: self.reward_scale.unwrap_or(usual.rewards),
                    balance: self.balance.unwrap_or(usual.balance),
                    ties: self.ties.unwrap_or(usual.ties),
                    threshold: self.threshold.unwrap_or(usual.threshold),
                },
            },
            similarity: self.similarity.unwrap_or(Similarity::Cosine),
            keep: self.keep.map(|keep| keep as usize),
            // After rewards and responses.
            own: self.keep_column.as_ref().map(|name| OwnKeep::Column {
                column: self.response_column() + 1,
                name: name.clone(),
            }),
            seed: self.seed,
            skip_short: self.skip_short,
            // Of equals none is chosen over another.
            skip_equal: self.skip_equal || (self.pairs && self.selector.is_none()),
            rewards: self.rewards().iter().map(|reward| reward.weight).collect(),
            missing: self.missing,
            response: Some(self.response_column()),
            distinct: self.duplicates_dropped(),
            report: self.report,
        }
    }

    /// The inputs in messages.
    pub(super) fn input_names(&self) -> Vec<String> {
        let name = |file: &PathBuf| match file == Path::new("-") {
            true => "standard input".to_owned(),
            false => file.display().to_string(),
        };
        self.files.iter().map(name).collect()
    }

    /// An option without effect would be a wish that nobody hears.
    fn check_heeded(&self) -> Result<(), CliError> {
        let given: [(&str, bool, Heeds); 8] = [
            ("--reward-share", self.reward_share.is_some(), weighs),
            ("--reward-scale", self.reward_scale.is_some(), weighs),
            ("--balance", self.balance.is_some(), covers),
            ("--ties", self.ties.is_some(), Selector::weighted),
            ("--threshold", self.threshold.is_some(), |own| own == Selector::Filter),
            (
                "--similarity",
                self.similarity.is_some() && !self.report,
                Selector::needs_similarity,
            ),
            (
                "--similarity-columns",
                self.similarity_columns.is_some() && !self.report,
                Selector::needs_similarity,
            ),
            (
                "--embedding",
                self.embedding.is_some() && !self.report,
                Selector::needs_similarity,
            ),
        ];
        for (option, is_given, heeds) in given {
            if is_given && !heeds(self.selector()) {
                let others = Selector::ALL.into_iter().filter(|other| heeds(*other));
                let others: Vec<&str> = others.map(Selector::name).collect();
                return Err(CliError::Input(format!(
                    "{option} has no effect on {}: leave it out, or keep by {}",
                    self.selector().name(),
                    others.join(", ")
                )));
            }
        }
        Ok(())
    }

    /// Every column is read for one thing only, and the output has its own names beside the input's.
    fn check_names(&self) -> Result<(), CliError> {
        let mut names = vec![("--prompt", self.prompt.as_str()), ("--candidate", &self.candidate)];
        names.extend(self.rewards().iter().map(|reward| ("--reward", reward.column)));
        for (option, name) in &names {
            if ADDED_COLUMNS.contains(name) {
                let what = format!("{option} {name}: the output has a column of this name: rename the input's");
                return Err(CliError::Input(what));
            }
        }
        names.extend(self.keep_column.as_deref().map(|name| ("--keep-column", name)));
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
