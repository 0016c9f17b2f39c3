//! Owns what the arguments of `select` mean together, and the names that they may take.

use super::Args;
use crate::cli::CliError;
use crate::data::{ADDED_COLUMNS, Format, Keeping, Nearness, Wanted};
use crate::select::{Balance, CoverageTies, Objective, RewardScale, Rule, Selector, Similarity};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::path::Path;

/// What stands below the options in the help text.
pub(super) const HELP: &str = "\
Input: one row per candidate. CSV: prompt,candidate,reward,e0,e1,... or a column embedding that holds \
\"[0.5, 0.25]\", or s0,s1,... JSONL: {\"prompt\": \"p1\", \"candidate\": \"a\", \"reward\": 0.5, \"embedding\": [0.5, \
0.25]}. Rewards are needed by best and diverse-best only, embeddings or similarities by all but random and best.
Output: prompt, candidate, rank (1 to K, in the order kept), weight (1/K; of weighted selectors the share of the prompt's \
candidates that it represents: each adds to the weight of the kept one most similar to it, and to those of several as similar, or \
of all where it is similar to none, in equal parts; --ties first gives it to the one kept first), gain (what it added when it was kept), reward. The format is the input's unless the name of the \
output tells another.
A prompt's rows may come in any order and so may prompts: what is kept depends on ids, numbers and seed only.
Limits: 16 MiB per row; 4096 candidates per prompt where they are compared, else 1048576; 256 MiB of text per prompt; \
some 50 bytes of memory per prompt for ids seen.";

/// A parser of names that help texts and completions list.
fn named<T: Clone + Send + Sync + 'static>(
    names: impl IntoIterator<Item = (&'static str, T)>,
) -> impl TypedValueParser<Value = T> {
    let names: Vec<(&'static str, T)> = names.into_iter().collect();
    let parser = PossibleValuesParser::new(names.iter().map(|(name, _)| *name));
    parser.try_map(move |given| {
        let found = names.iter().find(|(name, _)| *name == given);
        // Always found, because clap has refused other names.
        found.map(|(_, value)| value.clone()).ok_or("unknown name")
    })
}

pub(super) fn selector() -> impl TypedValueParser<Value = Selector> {
    named(Selector::ALL.map(|selector| (selector.name(), selector)))
}

pub(super) fn format() -> impl TypedValueParser<Value = Format> {
    named(Format::ALL.map(|format| (format.name(), format)))
}

pub(super) fn scale() -> impl TypedValueParser<Value = RewardScale> {
    named(RewardScale::ALL.map(|scale| (scale.name(), scale)))
}

pub(super) fn balance() -> impl TypedValueParser<Value = Balance> {
    named(Balance::ALL.map(|balance| (balance.name(), balance)))
}

pub(super) fn ties() -> impl TypedValueParser<Value = CoverageTies> {
    named(CoverageTies::ALL.map(|ties| (ties.name(), ties)))
}

pub(super) fn similarity(text: &str) -> Result<Similarity, String> {
    let (name, bandwidth) = match text.split_once('=') {
        Some((name, bandwidth)) => (name, Some(bandwidth)),
        None => (text, None),
    };
    let kind = Similarity::KINDS.into_iter().find(|kind| kind.name() == name);
    match (kind, bandwidth) {
        (Some(Similarity::Rbf { .. }), Some(bandwidth)) => match bandwidth.parse::<f64>() {
            Ok(bandwidth) if bandwidth > 0.0 && bandwidth.is_finite() => Ok(Similarity::Rbf { bandwidth }),
            _ => Err(format!("the bandwidth {bandwidth:?} is not a positive number")),
        },
        (Some(cosine @ (Similarity::Cosine | Similarity::RawCosine)), None) => Ok(cosine),
        _ => Err("known: cosine, raw-cosine, rbf=H".to_owned()),
    }
}

pub(super) fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a number from 0 to 1 is expected".to_owned()),
    }
}

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
        Ok(Wanted {
            prompt: self.prompt.clone(),
            candidate: self.candidate.clone(),
            reward: self.reward.clone(),
            // A column that is named is meant, even by a selector that could do without.
            needs_rewards: self.selector.needs_rewards() || self.reward != "reward",
            nearness: self.nearness(),
        })
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
            keep: self.keep as usize,
            seed: self.seed,
            skip_short: self.skip_short,
        }
    }

    pub(super) fn input_format(&self) -> Result<Format, CliError> {
        let found = self.format.or_else(|| Format::of(&self.file));
        found.ok_or_else(|| {
            CliError::Input(format!(
                "{}: the name ends in none of .csv, .jsonl, .ndjson: say --format csv or --format jsonl",
                self.input_name()
            ))
        })
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
