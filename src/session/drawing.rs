//! Owns the drawing of an experiment's scenarios: piece by piece, as far as each has come.

use super::findings::Findings;
use super::observer::{Look, Observer};
use super::store::Store;
use crate::engine::{Folded, Run, RunError, Shard, Share, Stopping, Watch};
use crate::experiment::{Experiment, Scenario};
use crate::inference::groups::Groups;
use crate::numerics::threads;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is drawn of every scenario. It is owned: it can be put down between two pieces and gone on with.
pub struct Drawing {
    scenarios: Vec<Drawn>,
    /// The share of blocks that is kept, behind so many exact jobs; none where all are folded.
    shard: Option<(Shard, u64)>,
}

/// What is drawn of one scenario.
struct Drawn {
    /// None before the first block and once it is taken: what is folded is far more than the rest.
    folded: Option<Box<Folded>>,
    stopping: Stopping,
    /// Blocks that are folded, or of a share looked at, from the first on.
    done: u64,
}

impl Drawn {
    fn is_finished(&self) -> bool {
        self.stopping.is_finished() && self.done == self.stopping.blocks()
    }
}

impl Drawing {
    /// Nothing yet.
    pub fn new(experiment: &Experiment) -> Self {
        let drawn = |scenario: &Scenario| {
            let spec = scenario.study.spec();
            Drawn {
                folded: None,
                stopping: Stopping::new(&experiment.stop, spec),
                done: 0,
            }
        };
        Self {
            scenarios: experiment.scenarios.iter().map(drawn).collect(),
            shard: None,
        }
    }

    /// Nothing yet of a share: no more is folded than decides how many blocks there are.
    pub fn of_shard(experiment: &Experiment, shard: Shard) -> Self {
        Self {
            shard: Some((shard, experiment.exact_jobs().len() as u64)),
            ..Self::new(experiment)
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
        let share = self.share(index);
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
        let folded = own.folded.get_or_insert_with(|| Box::new(Folded::new(study.spec())));
        folded.know(&experiment.known);
        let (mut run, needed) = (Run::new(study, blocks.as_ref(), &watch, folded), own.stopping.blocks());
        match share {
            Some(share) if own.stopping.is_finished() => {
                let next = run.keep(share.from(own.done))?;
                own.done = next.unwrap_or(needed);
                if next.is_none() {
                    own.folded = None;
                }
            }
            _ => {
                run.step(needed)?;
                own.done = folded.blocks();
            }
        }
        self.look(experiment, index, observer)?;
        Ok(true)
    }

    /// Those of a scenario's blocks that belong to the share, if it is one.
    fn share(&self, scenario: usize) -> Option<Share> {
        let (shard, exact) = self.shard?;
        let before: u64 = self.scenarios[..scenario].iter().map(|own| own.stopping.blocks()).sum();
        Some(shard.mine(exact + before, self.scenarios[scenario].stopping.blocks()))
    }

    /// Draws all of it. Each scenario is estimated, and its sums let go, while the next is drawn.
    ///
    /// # Errors
    ///
    /// Those of [`advance`](Self::advance).
    pub fn run(
        &mut self,
        experiment: &Experiment,
        store: &dyn Store,
        observer: &dyn Observer,
    ) -> Result<Findings, RunError> {
        let mut findings = Findings::new(experiment);
        loop {
            let finished = self.take(findings.scenarios());
            let is_one = finished.is_some();
            let (advanced, ()) = threads::join(
                || self.advance(experiment, store, observer),
                || finished.iter().for_each(|groups| findings.add(experiment, groups)),
            );
            if !(advanced? || is_one) {
                return Ok(findings);
            }
        }
    }

    /// Blocks that are done, and that are needed as far as is known, over all scenarios.
    pub fn blocks(&self) -> (u64, u64) {
        let both = |own: &Drawn| (own.done, own.stopping.blocks());
        let sum = |(a, b): (u64, u64), (c, d): (u64, u64)| (a + c, b.saturating_add(d));
        self.scenarios.iter().map(both).fold((0, 0), sum)
    }

    /// The group sums of a scenario so far.
    ///
    /// # Panics
    ///
    /// Where they were taken.
    pub fn standing(&mut self, experiment: &Experiment, scenario: usize) -> &Groups {
        let own = &mut self.scenarios[scenario];
        assert!(own.done == 0 || own.folded.is_some(), "scenario {scenario} was taken");
        let spec = experiment.scenarios[scenario].study.spec();
        own.folded.get_or_insert_with(|| Box::new(Folded::new(spec))).standing()
    }

    /// Takes those of a scenario of which nothing more will be drawn; none before.
    pub fn take(&mut self, scenario: usize) -> Option<Groups> {
        let own = self.scenarios.get_mut(scenario)?;
        let folded = own.is_finished().then(|| own.folded.take())??;
        Some(folded.finish())
    }

    /// Decides, once the round is drawn, whether more is needed.
    fn look(&mut self, experiment: &Experiment, scenario: usize, observer: &dyn Observer) -> Result<(), RunError> {
        let own = &mut self.scenarios[scenario];
        if own.stopping.is_finished() || own.done < own.stopping.blocks() {
            return Ok(());
        }
        let (done, spec) = (own.done, experiment.scenarios[scenario].study.spec());
        let Some(folded) = &mut own.folded else {
            return Ok(());
        };
        own.stopping.look(&experiment.stop, spec, folded.standing())?;
        let (blocks, worst) = (own.stopping.blocks(), own.stopping.worst());
        observer.looked(&Look {
            scenario,
            blocks,
            more: self
                .share(scenario)
                .map_or(blocks - done, |share| share.from(done).blocks()),
            worst,
        });
        Ok(())
    }
}
