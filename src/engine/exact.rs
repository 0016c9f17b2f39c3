//! Owns the seam between exact values that take long and whoever works them out, keeps them or goes without.
//!
//! Such a value is a unit of work like a block: a pure function of what its key says, worked out once, kept, and shared out.

use super::key::Key;
use super::memory::{list, piece};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What theory says of an estimand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Exact {
    /// Nothing, and why: a clause that can stand after 'no exact value: '.
    None(&'static str),
    /// That there is no such number, and why: an estimate of it would be one of its own noise.
    Undefined(&'static str),
    /// Its value.
    Is(f64),
    /// A value, or for some estimands that there is none, once an [`ExactJob`] has been worked out.
    Pending,
}

impl Exact {
    /// The value, where it is known.
    pub fn value(self) -> Option<f64> {
        match self {
            Exact::Is(value) => Some(value),
            Exact::None(_) | Exact::Undefined(_) | Exact::Pending => None,
        }
    }

    /// Whether there is none, now or later.
    pub fn is_none(self) -> bool {
        self.why_none().is_some()
    }

    /// The value, or the reason why there is none.
    pub fn or_none(value: Option<f64>, why: &'static str) -> Self {
        value.map_or(Exact::None(why), Exact::Is)
    }

    /// Why there is none, now or later; none where there is one.
    pub fn why_none(self) -> Option<&'static str> {
        match self {
            Exact::None(why) | Exact::Undefined(why) => Some(why),
            Exact::Is(_) | Exact::Pending => None,
        }
    }
}

/// Numbers that exact values rest on and that take long to work out.
#[derive(Clone)]
pub struct ExactJob {
    /// Names them by all that they depend on: jobs of one key, of any scenario or experiment, are one.
    pub key: Key,
    /// How many they are.
    pub numbers: usize,
    /// About how many nanoseconds of one core they take: for `check`, and to say that a run has something to do.
    pub nanoseconds: u64,
    work: Arc<dyn Fn() -> Vec<f64> + Send + Sync>,
}

impl ExactJob {
    /// The numbers that `work` gives, always the same ones. Where theory has none after all, it gives NaN for each.
    pub fn new(
        key: Key,
        numbers: usize,
        nanoseconds: u64,
        work: impl Fn() -> Vec<f64> + Send + Sync + 'static,
    ) -> Self {
        Self {
            key,
            numbers,
            nanoseconds,
            work: Arc::new(work),
        }
    }

    /// Works them out.
    pub fn work_out(&self) -> Vec<f64> {
        (self.work)()
    }
}

impl std::fmt::Debug for ExactJob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { key, numbers, .. } = self;
        write!(f, "ExactJob({}, {numbers} numbers)", key.digest())
    }
}

/// The numbers of exact jobs, as far as they are known. Copies share what they know.
#[derive(Debug, Clone, Default)]
pub struct ExactCache {
    numbers: Arc<Mutex<HashMap<String, Numbers>>>,
    /// Whether the others are worked out when they are asked for.
    on_demand: bool,
}

/// The numbers of one job.
pub type Numbers = Arc<[f64]>;

impl ExactCache {
    /// Nothing so far.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Everything, by working it out when it is first asked for.
    pub fn on_demand() -> Self {
        Self {
            on_demand: true,
            ..Self::default()
        }
    }

    /// What is known by now, to which others may add without this one's knowing.
    #[must_use]
    pub fn snapshot(&self) -> Self {
        Self {
            numbers: Arc::new(Mutex::new(self.lock().clone())),
            on_demand: self.on_demand,
        }
    }

    /// Takes in the numbers of a job.
    pub fn insert(&self, job: &ExactJob, numbers: Vec<f64>) {
        self.lock().insert(job.key.text().to_owned(), numbers.into());
    }

    /// The numbers of a job.
    pub fn of(&self, job: &ExactJob) -> Option<Numbers> {
        let known = self.lock().get(job.key.text()).cloned();
        match known {
            None if self.on_demand => Some(self.work_out(job)),
            known => known,
        }
    }

    /// Whether the numbers of a job are here.
    pub fn has(&self, job: &ExactJob) -> bool {
        self.on_demand || self.lock().contains_key(job.key.text())
    }

    /// The numbers of a job, worked out unless they are here.
    fn at_once(&self, job: &ExactJob) -> Numbers {
        self.of(job).unwrap_or_else(|| self.work_out(job))
    }

    /// What it takes, in bytes.
    pub fn memory(&self) -> u64 {
        self.lock()
            .iter()
            .map(|(key, own)| piece(key.len()) + list::<f64>(own.len()))
            .sum()
    }

    fn work_out(&self, job: &ExactJob) -> Numbers {
        let numbers: Numbers = job.work_out().into();
        self.lock().insert(job.key.text().to_owned(), numbers.clone());
        numbers
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Numbers>> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Jobs that take less than this, in nanoseconds, are done where they are needed: a record of their own would gain nothing.
const SHORT: u64 = 20_000_000;

/// How much of that the short jobs of one file may take together, in nanoseconds; the rest are jobs like any other.
const ALL_SHORT: u64 = 200_000_000;

/// The most numbers that the jobs of one file hold: 256 MB.
const MOST_NUMBERS: u64 = 1 << 25;

/// A job that a file needs: done on the spot where it is short, else left to whoever runs the file.
#[derive(Debug, Clone)]
pub struct NeededJob {
    job: ExactJob,
    short: bool,
}

impl NeededJob {
    /// Its numbers, as far as they are known or quickly worked out.
    pub fn numbers(&self, known: &ExactCache) -> Option<Numbers> {
        match self.short {
            true => Some(known.at_once(&self.job)),
            false => known.of(&self.job),
        }
    }

    /// The job, if it is left to whoever runs the file.
    pub fn deferred(&self) -> Option<&ExactJob> {
        (!self.short).then_some(&self.job)
    }
}

/// What the exact jobs of one file may take: which of them are short, and how much memory they hold. That depends on the file alone,
/// not on what is known, so that all who read it agree on the list of those deferred.
#[derive(Debug, Default)]
pub struct ExactBudget {
    short: HashSet<String>,
    spent: u64,
    held: u64,
    /// Whether figures draw exact values over K, so that those between the K of arms are asked for too.
    pub between: bool,
}

impl ExactBudget {
    /// Notes that a job is needed. Nothing is worked out.
    pub fn need(&mut self, job: ExactJob) -> NeededJob {
        let short = self.short.contains(job.key.text()) || {
            let fits = job.nanoseconds < SHORT && self.spent + job.nanoseconds <= ALL_SHORT;
            if fits {
                self.spent += job.nanoseconds;
                self.short.insert(job.key.text().to_owned());
            }
            fits
        };
        NeededJob { job, short }
    }

    /// Whether there is room for so many numbers more, which are then taken for held.
    pub fn reserve(&mut self, numbers: u64) -> bool {
        let fits = numbers <= MOST_NUMBERS - self.held;
        self.held += if fits { numbers } else { 0 };
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn job(name: &str, nanoseconds: u64, runs: &Arc<AtomicUsize>) -> ExactJob {
        let runs = runs.clone();
        ExactJob::new(Key::new(name.to_owned()), 1, nanoseconds, move || {
            vec![runs.fetch_add(1, Ordering::Relaxed) as f64]
        })
    }

    #[test]
    fn short_jobs_are_done_once_however_often_they_are_needed_and_no_other_is() {
        let (runs, known) = (Arc::default(), ExactCache::empty());
        let (short, long) = (job("short", SHORT - 1, &runs), job("long", SHORT, &runs));
        for _ in 0..3 {
            let mut exact_budget = ExactBudget::default();
            for _ in 0..50 {
                let [short, long] = [&short, &long].map(|job| exact_budget.need(job.clone()));
                assert_eq!(short.numbers(&known), Some([0.0].into()));
                assert_eq!(long.numbers(&known), None);
                assert!(short.deferred().is_none() && long.deferred().is_some());
            }
        }
        known.insert(&long, vec![7.0]);
        let long = ExactBudget::default().need(long);
        assert_eq!(long.numbers(&known), Some([7.0].into()));
        assert_eq!(runs.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn what_is_needed_is_not_worked_out_by_that() {
        let runs = Arc::default();
        ExactBudget::default().need(job("short", 1, &runs));
        assert_eq!(runs.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn many_short_jobs_are_left_from_where_they_take_long_together() {
        let (runs, mut exact_budget) = (Arc::default(), ExactBudget::default());
        let mut need = |i: u64| exact_budget.need(job(&i.to_string(), SHORT / 2, &runs));
        let short = (0..60).map(&mut need).filter(|own| own.deferred().is_none());
        assert_eq!(short.count() as u64, ALL_SHORT / (SHORT / 2));
    }

    #[test]
    fn what_is_worked_out_on_demand_is_worked_out_once() {
        let (runs, known) = (Arc::default(), ExactCache::on_demand());
        let long = job("long", u64::MAX, &runs);
        let first = known.of(&long);
        assert_eq!((first.clone(), known.clone().of(&long)), (Some([0.0].into()), first));
        let apart = ExactCache::empty();
        apart.snapshot().insert(&long, vec![1.0]);
        assert!(!apart.has(&long) && known.has(&long));
    }

    #[test]
    fn a_file_holds_so_many_numbers_and_no_more() {
        let mut exact_budget = ExactBudget::default();
        assert!(
            exact_budget.reserve(MOST_NUMBERS - 1)
                && !exact_budget.reserve(2)
                && exact_budget.reserve(1)
                && !exact_budget.reserve(1)
        );
        assert!(!exact_budget.reserve(u64::MAX));
    }
}
