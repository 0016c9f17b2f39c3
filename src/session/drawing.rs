//! Owns the drawing of an experiment's scenarios: piece by piece, as far as each has come.

use super::observer::{Look, Observer};
use super::store::Store;
use crate::engine::{Folded, Rounds, Run, RunError, Stopping, Watch};
use crate::experiment::{Experiment, Scenario};
use crate::inference::groups::Groups;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is drawn of every scenario. It is owned: it can be put down between two pieces and gone on with.
pub struct Drawing {
    scenarios: Vec<Drawn>,
}

/// What is drawn of one scenario.
struct Drawn {
    folded: Folded,
    rounds: Rounds,
}

impl Drawn {
    fn is_finished(&self) -> bool {
        self.rounds.is_finished() && self.folded.blocks() == self.rounds.blocks()
    }
}

impl Drawing {
    /// Nothing yet.
    pub fn new(experiment: &Experiment) -> Self {
        let drawn = |scenario: &Scenario| {
            let spec = scenario.study.spec();
            Drawn {
                folded: Folded::new(spec),
                rounds: Stopping::new(&experiment.stop, spec).rounds(),
            }
        };
        Self {
            scenarios: experiment.scenarios.iter().map(drawn).collect(),
        }
    }

    /// Draws one piece: as many blocks of the first scenario that needs some as are held before they are folded. Whether there was any.
    ///
    /// # Errors
    ///
    /// Those of [`engine`](crate::engine). What had been folded before stands, and what was finished is in the store.
    pub fn advance(
        &mut self,
        experiment: &Experiment,
        store: &dyn Store,
        observer: &dyn Observer,
    ) -> Result<bool, RunError> {
        let Some(index) = self.scenarios.iter().position(|own| !own.is_finished()) else {
            return Ok(false);
        };
        let (study, own) = (experiment.scenarios[index].study.as_ref(), &mut self.scenarios[index]);
        let blocks = store.blocks(index, study.spec());
        let stop = AtomicBool::new(observer.cancelled());
        let watch = Watch {
            finished: &|source| {
                observer.block(index, source);
                stop.fetch_or(observer.cancelled(), Ordering::Relaxed);
            },
            stop: &stop,
        };
        let folded = std::mem::replace(&mut own.folded, Folded::new(study.spec()));
        let mut run = Run::resume(study, blocks.as_ref(), &watch, folded);
        let done = run.step(own.rounds.blocks());
        own.folded = run.pause();
        done?;
        own.look(experiment, index, observer)?;
        Ok(true)
    }

    /// Draws all of it.
    ///
    /// # Errors
    ///
    /// Those of [`advance`](Self::advance).
    pub fn run(&mut self, experiment: &Experiment, store: &dyn Store, observer: &dyn Observer) -> Result<(), RunError> {
        while self.advance(experiment, store, observer)? {}
        Ok(())
    }

    /// Blocks that are folded, and that are needed as far as is known, over all scenarios.
    pub fn blocks(&self) -> (u64, u64) {
        let both = |own: &Drawn| (own.folded.blocks(), own.rounds.blocks());
        let sum = |(a, b): (u64, u64), (c, d): (u64, u64)| (a + c, b.saturating_add(d));
        self.scenarios.iter().map(both).fold((0, 0), sum)
    }

    /// The group sums of a scenario so far.
    pub fn standing(&mut self, scenario: usize) -> &Groups {
        self.scenarios[scenario].folded.standing()
    }

    /// Those of all scenarios, when nothing more will be drawn.
    pub fn finish(self) -> Vec<Groups> {
        self.scenarios.into_iter().map(|own| own.folded.finish()).collect()
    }
}

impl Drawn {
    /// Decides, once the round is drawn, whether more is needed.
    fn look(&mut self, experiment: &Experiment, scenario: usize, observer: &dyn Observer) -> Result<(), RunError> {
        if self.rounds.is_finished() || self.folded.blocks() < self.rounds.blocks() {
            return Ok(());
        }
        let before = self.rounds.blocks();
        let spec = experiment.scenarios[scenario].study.spec();
        let mut stopping = Stopping::resume(self.rounds, &experiment.stop, spec);
        stopping.look(self.folded.standing())?;
        self.rounds = stopping.rounds();
        observer.looked(&Look {
            scenario,
            blocks: self.rounds.blocks(),
            more: self.rounds.blocks() - before,
            worst: self.rounds.worst(),
        });
        Ok(())
    }
}
