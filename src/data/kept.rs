//! Owns what goes out of what is kept: a row for each kept candidate, the input's own rows with what was added, or pairs.

use super::added::{ADDED_COLUMNS, added};
use super::carried::Carried;
use super::shapes::Prompt;
use super::sheet::{Sheet, Written};
use super::{Fault, Format, Kept, Pick, Pools, StreamError};
use crate::numerics::text::float;
use std::io::{self, Write};

/// What is written of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Prompt, candidate, rank, weight, gain and reward of each kept candidate.
    Picks,
    /// The input's rows with rank, weight and gain added; of a row that is a whole prompt every list of its candidates cut to those kept.
    Rows,
    /// Prompt, chosen and rejected: of each prompt the kept candidates of highest and lowest reward, and these.
    Pairs,
}

/// Writes what is kept. Floats are written in their shortest form that reads back to the same bits; an unknown reward is empty (JSON: null).
pub struct KeptWriter<W: Write> {
    sheet: Sheet<W>,
    content: Content,
    carried: Carried,
    /// The column of responses.
    response: Option<usize>,
}

impl<W: Write> KeptWriter<W> {
    /// A writer onto `out`. An error where the rows of a table have a column already that is added.
    ///
    /// `reward` is the name of rewards; `response` the column of responses among those wanted, for pairs.
    pub fn new(
        out: W,
        format: Format,
        content: Content,
        pools: &Pools<'_>,
        reward: &str,
        response: Option<usize>,
    ) -> Result<Self, Fault> {
        let [prompt, candidate] = pools.id_labels();
        let [rank, weight, gain] = ADDED_COLUMNS;
        let carried = Carried::new(pools, format);
        let taken = pools
            .header()
            .iter()
            .find(|name| ADDED_COLUMNS.contains(&name.as_str()));
        if let (Content::Rows, Some(name)) = (content, taken) {
            let what = format!("a column is called {name}, and --carry adds one of this name: rename the input's");
            return Err(Fault::line(1, what));
        }
        let header: Vec<String> = match content {
            Content::Picks => [prompt, candidate, rank, weight, gain, reward]
                .map(str::to_owned)
                .to_vec(),
            Content::Rows => carried.header(),
            Content::Pairs => {
                let rewards = ["chosen", "rejected"].map(|which| format!("{which}_{reward}"));
                let names = [prompt, "chosen", "rejected"].map(str::to_owned);
                names.into_iter().chain(rewards).collect()
            }
        };
        Ok(Self {
            sheet: Sheet::new(out, format, header),
            content,
            carried,
            response: response.filter(|&column| pools.value_name(column).is_some()),
        })
    }

    /// Writes what was kept of a prompt.
    pub fn write(&mut self, prompt: &Prompt, kept: &Kept) -> Result<(), StreamError> {
        match self.content {
            Content::Picks => Ok(self.picks(prompt, kept)?),
            Content::Rows => self.carried.write(prompt, kept, &mut self.sheet),
            Content::Pairs => Ok(self.pair(prompt, kept)?),
        }
    }

    fn picks(&mut self, prompt: &Prompt, kept: &Kept) -> io::Result<()> {
        for (rank, pick) in (1_usize..).zip(&kept.picks) {
            let [rank, weight, gain] = added(rank, pick).map(|text| Written::Number(Some(text)));
            let (id, candidate) = (Written::id(prompt.id()), Written::id(prompt.candidate(pick.row)));
            let reward = Written::Number(pick.reward.map(float));
            self.sheet.row(&[id, candidate, rank, weight, gain, reward])?;
        }
        Ok(())
    }

    fn pair(&mut self, prompt: &Prompt, kept: &Kept) -> io::Result<()> {
        let Some([best, worst]) = kept.ends() else {
            return Ok(());
        };
        let text = |pick: &Pick| match self.response {
            Some(column) => Written::cell(prompt.cell(pick.row, column)),
            None => Written::id(prompt.candidate(pick.row)),
        };
        let reward = |pick: &Pick| Written::Number(pick.reward.map(float));
        let row = [
            Written::id(prompt.id()),
            text(best),
            text(worst),
            reward(best),
            reward(worst),
        ];
        self.sheet.row(&row)
    }

    /// Hands everything to what lies below, and that back.
    pub fn finish(self) -> io::Result<W> {
        self.sheet.finish()
    }
}

impl Kept {
    /// The picks of highest and of lowest reward, the first kept and the last of those that are equal; none where no two differ.
    pub fn ends(&self) -> Option<[&Pick; 2]> {
        let with = |pick: &&Pick| pick.reward.is_some();
        let higher = |a: &Pick, b: &Pick| a.reward > b.reward;
        let rewarded = || self.picks.iter().filter(with);
        let best = rewarded().reduce(|best, pick| if higher(pick, best) { pick } else { best })?;
        let worst = rewarded().reduce(|worst, pick| if higher(pick, worst) { worst } else { pick })?;
        higher(best, worst).then_some([best, worst])
    }
}
