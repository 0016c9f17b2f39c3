use super::*;
use crate::engine::{
    Estimand, EstimandKind, Exact, Functional, Goal, Key, Looks, MissingBlocks, Of, Precision, Quantity, Shard, Stop,
    Stopping, Target, Worker, fold_stored,
};
use crate::inference::groups::Layout;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

/// Replicates that say their own number, in blocks of two batches of four.
struct Counting(Spec);

static KIND: EstimandKind = EstimandKind::new(
    "number.mean",
    "number",
    &Quantity {
        name: "mean",
        meaning: "",
        formula: "",
        unit: "",
        source: "",
    },
);

/// More blocks than any memory has bytes.
const MANY: u64 = 1 << 56;

impl Counting {
    fn new() -> Self {
        let mean = Estimand {
            kind: &KIND,
            of: Of::Arm(0),
            at: Default::default(),
            functional: Functional::Smooth(Box::new(|means| means.mean(0))),
            exact: Exact::None("nobody asks"),
            reference: None,
            given: None,
        };
        Self(Spec {
            draws: Key::new("draws".to_owned()),
            work: Key::new("work".to_owned()),
            unit: "a number",
            batch: 4,
            block: 2,
            layout: Layout::new(vec![0], 1),
            estimands: vec![mean],
            exact: Vec::new(),
            words: 0,
        })
    }
}

impl Study for Counting {
    fn spec(&self) -> &Spec {
        &self.0
    }

    fn prepare(&self, _: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        Ok(Arc::new(Numbers))
    }
}

struct Numbers;

impl Prepared for Numbers {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Numbers)
    }
}

impl Worker for Numbers {
    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        alone.replicates += 1;
        alone.valid[0] += 1;
        alone.sums[0] += replicate as f64;
    }
}

/// Has some blocks, whatever is asked of it, and notes what it is given.
struct Store<F> {
    has: F,
    given: Mutex<BTreeSet<u64>>,
}

impl<F: Fn(u64) -> bool + Sync> Store<F> {
    fn with(has: F) -> Self {
        Self {
            has,
            given: Mutex::default(),
        }
    }

    fn given(&self) -> Vec<u64> {
        self.given.lock().expect("nobody panics").iter().copied().collect()
    }
}

fn batches(block: u64) -> Vec<Group> {
    let spec = Counting::new().0;
    let mut tally = Tally::new(&spec, block * 8..(block + 1) * 8);
    Numbers.run(block * 8..(block + 1) * 8, &mut tally);
    tally.into_batches()
}

impl<F: Fn(u64) -> bool + Sync> BlockStore for Store<F> {
    fn get(&self, block: u64) -> Option<Vec<Group>> {
        (self.has)(block).then(|| batches(block))
    }

    fn indices(&self) -> Vec<u64> {
        (0..10_000).filter(|block| (self.has)(*block)).collect()
    }

    fn put(&self, block: u64, own: &[Group]) -> Result<(), KeepError> {
        assert_eq!(own, batches(block));
        self.given.lock().expect("nobody panics").insert(block);
        Ok(())
    }
}

/// Does something with a watch that stops after so many blocks.
fn stopped_after<T>(most: u64, act: impl FnOnce(&Watch<'_>) -> T) -> T {
    let (seen, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let finished = |_: BlockSource| {
        if seen.fetch_add(1, Ordering::Relaxed) + 1 >= most {
            stop.store(true, Ordering::Relaxed);
        }
    };
    act(&Watch {
        finished: &finished,
        stop: &stop,
    })
}

/// Keeps all blocks of a share.
fn keep(study: &dyn Study, mut share: Share, store: &dyn BlockStore, watch: &Watch<'_>) -> Result<(), RunError> {
    let mut folded = Folded::new(study.spec());
    while let Some(next) = Run::new(study, store, watch, &mut folded).keep(share)? {
        share = share.from(next);
    }
    Ok(())
}

#[test]
fn a_share_of_more_blocks_than_memory_holds_is_drawn_until_it_is_stopped() {
    let (study, store) = (Counting::new(), Store::with(|block| block < 3_000));
    let share = Shard::new(1, 3).expect("it is below").mine(0, MANY);
    let done = stopped_after(2_000, |watch| keep(&study, share, &store, watch));
    assert!(matches!(done, Err(RunError::Interrupted)), "{done:?}");
    let given = store.given();
    assert!(given.len() >= 1_000, "a thousand of the first two thousand were kept");
    assert!(given.iter().all(|block| *block >= 3_000 && block % 3 == 1), "{given:?}");
}

#[test]
fn a_run_through_a_store_that_has_everything_can_be_stopped() {
    let (study, store) = (Counting::new(), Store::with(|_| true));
    let share = Shard::new(0, 1).expect("it is below").mine(0, MANY);
    let done = stopped_after(1_000, |watch| keep(&study, share, &store, watch));
    assert!(matches!(done, Err(RunError::Interrupted)), "{done:?}");
    let mut folded = Folded::new(study.spec());
    let done = stopped_after(1_000, |watch| Run::new(&study, &store, watch, &mut folded).to(MANY));
    assert!(matches!(done, Err(RunError::Interrupted)), "{done:?}");
    assert!(store.given().is_empty());
}

#[test]
fn a_run_that_may_take_more_blocks_than_memory_holds_ends_when_it_is_precise() {
    let (study, store) = (Counting::new(), Store::with(|_| false));
    let stop = Stop::Precise(Precision {
        targets: vec![Target {
            estimand: "number.mean".to_owned(),
            goal: Goal::Relative(0.5),
        }],
        at_most: MANY,
        looks: Looks::Rounds,
    });
    let groups = stopped_after(u64::MAX, |watch| {
        let mut folded = Folded::new(study.spec());
        let mut stopping = Stopping::new(&stop, study.spec());
        loop {
            Run::new(&study, &store, watch, &mut folded).to(stopping.blocks())?;
            if stopping.is_finished() {
                return Ok::<_, RunError>(folded.finish());
            }
            stopping.look(&stop, study.spec(), folded.standing())?;
        }
    });
    let groups = groups.expect("nothing stops it");
    assert_eq!(groups.total().replicates, 64 * 4, "it ends at the first look");
    let whole = super::run(&study, 64 * 4).expect("nothing stops it");
    assert_eq!((groups.groups(), groups.total()), (whole.groups(), whole.total()));
    // The same from kept blocks alone, of which there are more than it needs.
    let kept = fold_stored(study.spec(), &stop, &Store::with(|block| block < 100)).expect("all are kept");
    assert_eq!(kept.groups(), whole.groups());
}

#[test]
fn what_is_missing_of_more_blocks_than_memory_holds_is_named_by_ranges() {
    let (study, store) = (
        Counting::new(),
        Store::with(|block| [0, 1, 2, 5, 6, 9].contains(&block)),
    );
    let stop = Stop::Replicates(8 * MANY);
    let gap = fold_stored(study.spec(), &stop, &store).expect_err("most are missing");
    assert_eq!(gap.to_string(), format!("{} of {MANY} blocks are missing", MANY - 6));
    let MissingBlocks::Missing { blocks, of } = gap else {
        panic!("{gap}");
    };
    assert_eq!((blocks, of), (vec![3..5, 7..9, 10..MANY], MANY));
}

/// Raises a flag in the middle of its first block.
struct Raising(Spec, Arc<AtomicBool>);

impl Study for Raising {
    fn spec(&self) -> &Spec {
        &self.0
    }

    fn prepare(&self, _: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        Ok(Arc::new(Raised(self.1.clone())))
    }
}

#[derive(Clone)]
struct Raised(Arc<AtomicBool>);

impl Prepared for Raised {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(self.clone())
    }
}

impl Worker for Raised {
    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        Numbers.replay(replicate, alone);
        assert!(replicate <= 5, "nothing is drawn after the flag");
        self.0.store(replicate == 5, Ordering::Relaxed);
    }
}

#[test]
fn a_block_that_is_told_to_end_is_left_and_not_kept() {
    let stop = Arc::new(AtomicBool::new(false));
    let study = Raising(Counting::new().0, stop.clone());
    let (store, watch) = (
        Store::with(|_| false),
        Watch {
            finished: &|_| panic!("no block is finished"),
            stop: &stop,
        },
    );
    let mut folded = Folded::new(study.spec());
    let ended = Run::new(&study, &store, &watch, &mut folded).to(1);
    assert!(matches!(ended, Err(RunError::Interrupted)), "{ended:?}");
    assert_eq!((store.given().len(), folded.blocks()), (0, 0));
}
