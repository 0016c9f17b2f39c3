//! Owns the seam between exact values that take long and whoever works them out, keeps them or goes without.
//!
//! Such a value is a unit of work like a block: a pure function of what its key says, worked out once, kept, and shared out.

use super::spec::Key;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// What theory says of an estimand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Exact {
    /// Nothing.
    None,
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
            Exact::None | Exact::Pending => None,
        }
    }

    /// Whether there is none, now or later.
    pub fn is_none(self) -> bool {
        self == Exact::None
    }
}

impl From<Option<f64>> for Exact {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Exact::None, Exact::Is)
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

/// The numbers of exact jobs, as far as they are known.
#[derive(Debug, Clone, Default)]
pub struct Known {
    numbers: HashMap<String, Vec<f64>>,
    /// Whether the others are worked out when they are asked for.
    on_demand: bool,
}

impl Known {
    /// Nothing so far.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Everything, by working it out when it is asked for, once for each time.
    pub fn on_demand() -> Self {
        Self {
            numbers: HashMap::new(),
            on_demand: true,
        }
    }

    /// Takes in the numbers of a job.
    pub fn insert(&mut self, job: &ExactJob, numbers: Vec<f64>) {
        self.numbers.insert(job.key.text().to_owned(), numbers);
    }

    /// The numbers of a job.
    pub fn of(&self, job: &ExactJob) -> Option<Cow<'_, [f64]>> {
        match self.numbers.get(job.key.text()) {
            Some(numbers) => Some(Cow::Borrowed(numbers)),
            None => self.on_demand.then(|| Cow::Owned(job.work_out())),
        }
    }

    /// Whether the numbers of a job are here.
    pub fn has(&self, job: &ExactJob) -> bool {
        self.on_demand || self.numbers.contains_key(job.key.text())
    }
}
