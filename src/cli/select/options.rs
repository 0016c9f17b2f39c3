//! Owns the names and numbers that arguments of `select` may take.

use crate::data::{Format, Missing};
use crate::format::keys::Named;
use crate::select::Selector;
use crate::select::Similarity;
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// What stands below the options in the short help.
pub(super) fn short_help() -> &'static str {
    "A row is a candidate, or a prompt with lists of its candidates. --help has all options: numbers of their own for prompts (--keep-column, --total), weights of objectives, duplicates, prompts \
     that are too short or all equal, formats, threads."
}

/// What stands below the options in the help text.
pub(super) fn help() -> String {
    format!(
        "{INPUT} Rewards are needed by {} only, embeddings or similarities by all but {}.\n{OUTPUT}",
        Selector::names_where(Selector::needs_rewards, true, "and"),
        Selector::names_where(Selector::needs_similarity, false, "and"),
    )
}

const INPUT: &str = "\
Input: one row per candidate. CSV: prompt,candidate,reward,e0,e1,... or a column embedding that holds \
\"[0.5, 0.25]\" or \"0.5 0.25\", or s0,s1,... JSONL: {\"prompt\": \"p1\", \"candidate\": \"a\", \"reward\": 0.5, \"embedding\": [0.5, \
0.25]}. Or one row per prompt, with lists that have one item for every candidate: {\"prompt\": \"p1\", \"responses\": [\"a\", \"b\"], \
\"rewards\": [0.5, 0.25]}, or with objects: --reward completions[].score. Prompts may be lists of messages, numbers may stand in quotes, \
true and false count as 1 and 0. The format is told by the name, else by the first bytes.";

const OUTPUT: &str = "\
Output: prompt, candidate, rank (1 to K, in the order kept), weight (1/K; of weighted selectors the share of the prompt's \
candidates that it represents: each adds to the weight of the kept one most similar to it, and to those of several as similar, or \
of all where it is similar to none, in equal parts; --ties first gives it to the one kept first), gain (what it added when it was kept), reward. The format is the input's unless the name of the \
output tells another.
With --keep-column or --total prompts have different numbers: give each row its weight in training, so that every prompt counts the same. \
Where all rows count alike prompts with more rows count more, and what is learned is biased.
With --carry: the input's rows as they stand, with rank, weight and gain added; of a row that is a whole prompt every list of its \
candidates is cut to those kept, in the order kept. Lists are such if they are as long as the list of rewards, in this row and all before.
With --pairs: prompt, chosen, rejected and their rewards. A prompt whose rewards are all equal has no pair.
A prompt's rows may come in any order and so may prompts: what is kept depends on ids, numbers and seed only.
Limits: 16 MiB per row; 131072 candidates per prompt whose embeddings are compared (up to 4096 by a matrix of up to 134 MB per thread, beyond that in \
the memory of the embeddings twice, and in time that grows with the square), 4096 of given similarities, else 1048576; 256 MiB of text per prompt; \
some 50 bytes of memory per prompt for ids seen.";

/// What is done about copies of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicates {
    /// They are candidates like others.
    Keep,
    /// All but one are left out.
    Drop,
}

impl Duplicates {
    pub(super) const ALL: [Self; 2] = [Self::Keep, Self::Drop];
}

impl Named for Duplicates {
    fn name(self) -> &'static str {
        match self {
            Duplicates::Keep => "keep",
            Duplicates::Drop => "drop",
        }
    }
}

impl Named for Missing {
    fn name(self) -> &'static str {
        Missing::name(self)
    }
}

impl Named for Format {
    fn name(self) -> &'static str {
        Format::name(self)
    }
}

/// A parser of names that help texts and completions list.
pub(super) fn named<T: Named + Send + Sync>(all: &'static [T]) -> impl TypedValueParser<Value = T> {
    let parser = PossibleValuesParser::new(all.iter().map(|own| own.name()));
    parser.try_map(|given| {
        let found = all.iter().find(|own| own.name() == given);
        // Always found, because clap has refused other names.
        found.copied().ok_or("unknown name")
    })
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
