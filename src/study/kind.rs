//! Owns what a study says of its files, and what its scenarios are read beside.

use crate::engine::{ExactBudget, MeasureKind, Quantity, StudyError};
use crate::format::keys::{File, Got, KeyDoc, Kind, Named, Own, Read, Role, Symbol, Table, Variant};
use crate::select::Selector;
use crate::study::question::Question;
use crate::study::scenario::{PoolSetting, Setting};
use crate::world::World;
use std::sync::Arc;

/// What a study is and measures, and how its files are read.
pub struct StudyKind {
    /// Its name in files.
    pub name: &'static str,
    /// The question that it asks.
    pub about: &'static str,
    /// What the symbols in its formulas mean.
    pub symbols: &'static str,
    /// Its measures.
    pub measures: &'static [MeasureKind],
    /// A commented file to start from, from its title on.
    pub template: &'static str,
    /// Reads a scenario of it; run on a file that describes, it describes its keys.
    pub read: fn(&mut File<'_>, &mut Site<'_>) -> Read<Arc<dyn Question>>,
}

impl StudyKind {
    /// The quantities that its measures have, each once. Those of one measure stand in its row order.
    pub fn quantities(&self) -> Vec<&'static Quantity> {
        let mut found: Vec<&Quantity> = Vec::new();
        for measure in self.measures {
            let mut before = found.len();
            for kind in measure.estimands.iter().rev() {
                let known = found.iter().position(|own| own.name == kind.quantity.name);
                before = known.unwrap_or_else(|| {
                    found.insert(before, kind.quantity);
                    before
                });
            }
        }
        found
    }
}

/// A kind of world with prompts and responses, as files know it.
pub type WorldKind = Variant<Arc<dyn World>>;

/// The studies, worlds and selectors that files may name.
#[derive(Clone)]
pub struct Registry {
    /// Studies, in the order of help texts.
    pub studies: Vec<&'static StudyKind>,
    /// Kinds of worlds with prompts and responses.
    pub worlds: Vec<&'static WorldKind>,
    /// Ways to choose among a prompt's candidates. One of one's own is a [`Selector::Own`].
    pub selectors: Vec<Selector>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let studies = self.studies.iter().map(|study| study.name);
        let worlds = self.worlds.iter().map(|world| world.name);
        let selectors = self.selectors.iter().map(|selector| selector.name());
        f.debug_list()
            .entries(studies)
            .entries(worlds)
            .entries(selectors)
            .finish()
    }
}

impl Registry {
    /// The study of a name.
    pub fn find(&self, name: &str) -> Option<&'static StudyKind> {
        self.studies.iter().copied().find(|study| study.name == name)
    }

    /// The keys of a study's files beside those that every file has, and those of its `[arms]`.
    pub fn describe(&self, study: &StudyKind) -> StudyKeys {
        let mut file = File::describing();
        let (mut exact_budget, mut sums) = (ExactBudget::default(), 0);
        let mut site = Site::new(self, &mut exact_budget, &mut sums);
        // It errs, since there is nothing to read.
        let _ = (study.read)(&mut file, &mut site);
        let (file, arms) = file.into_docs();
        StudyKeys { file, arms }
    }
}

/// The keys of one study's files.
#[derive(Debug, Clone)]
pub struct StudyKeys {
    /// Those of the file, tables of method keys included.
    pub file: Vec<KeyDoc>,
    /// Method keys that stand in `[arms]`.
    pub arms: Vec<KeyDoc>,
}

impl StudyKeys {
    /// The keys of this role that may vary, as grids name them.
    pub fn varying(&self, role: Role) -> Vec<(String, &KeyDoc)> {
        let mut found: Vec<(String, &KeyDoc)> = Vec::new();
        for key in &self.file {
            match &key.kind {
                Kind::Table(table) => {
                    let inner = table.all().into_iter().filter(|inner| inner.role == role);
                    found.extend(inner.map(|inner| (format!("{}.{}", key.name, inner.name), inner)));
                }
                _ if key.role == role => found.push((key.name.to_owned(), key)),
                _ => {}
            }
        }
        if role == Role::Method {
            let arms = self.arms.iter().filter(|key| key.role == role);
            found.splice(0..0, arms.map(|key| (key.name.to_owned(), key)));
        }
        found
    }
}

impl StudyKeys {
    /// How figures call a key, named as in grids.
    pub fn symbol(&self, key: &str) -> Option<Symbol> {
        self.of_name(key, |doc| doc.symbol)
    }

    /// Whether a key, named as in grids, takes whole numbers alone.
    pub fn counts(&self, key: &str) -> bool {
        let whole = |doc: &KeyDoc| matches!(doc.kind, Kind::Integer(..)).then_some(());
        self.of_name(key, whole).is_some()
    }

    fn of_name<T>(&self, key: &str, what: impl Fn(&KeyDoc) -> Option<T>) -> Option<T> {
        let varying = [Role::Draws, Role::Method].map(|role| self.varying(role));
        let mut same = varying.into_iter().flatten().filter(|(path, _)| path == key);
        same.find_map(|(_, doc)| what(doc))
    }
}

/// What the files of all studies state: a seed, measures among `all`, a world as `ask` asks for it, and arms that `arm` reads.
pub(super) fn setting<'f, 'a, W, A, M: Named>(
    file: &'f mut File<'a>,
    all: &'static [M],
    ask: impl FnOnce(&mut File<'a>) -> Got<W>,
    mut arm: impl FnMut(&mut Table<'_>, Option<&W>) -> Read<A>,
) -> Read<(Own<'f, 'a>, Setting<W, A, M>)> {
    let (seed, measures, world) = (file.seed(), file.measures(all), ask(file));
    let arms = file.arms(|keys| arm(keys, world.known()));
    let own = file.end()?;
    let (seed, world) = (seed.take(&own), world.take(&own));
    Ok((own, Setting::new(seed, world, arms.take(&own), measures.take(&own))))
}

/// The same of prompts and responses, whose arms keep a sum of every mode.
pub(super) fn pool_setting<'f, 'a, A, M: Named>(
    file: &'f mut File<'a>,
    site: &mut Site<'_>,
    all: &'static [M],
    mut arm: impl FnMut(&mut Table<'_>, &Registry, Option<&dyn World>) -> Read<A>,
) -> Read<(Own<'f, 'a>, PoolSetting<A, M>)> {
    let registry = site.registry;
    let ask = |file: &mut File<'a>| file.world(&registry.worlds);
    let arm = |keys: &mut Table<'_>, world: Option<&Arc<dyn World>>| arm(keys, registry, world.map(AsRef::as_ref));
    let (own, setting) = self::setting(file, all, ask, arm)?;
    site.hold_modes(&own, setting.world.mean().len(), setting.arms.len())?;
    Ok((own, setting))
}

/// The scenario that arms of a file make, or a fault where there can be none.
pub(super) fn made<T: Question>(own: &Own<'_, '_>, study: Result<T, StudyError>) -> Read<Arc<dyn Question>> {
    match study {
        Ok(study) => Ok(Arc::new(study)),
        Err(error) => own.refuse(own.fault("arms", error.to_string())),
    }
}

/// What a scenario is read beside: the registry, exact values, and the room that scenarios before it took.
pub struct Site<'r> {
    /// Which worlds there are.
    pub registry: &'r Registry,
    /// Exact values that are worked out at once, and those that are left.
    pub exact_budget: &'r mut ExactBudget,
    sums: &'r mut u64,
}

impl<'r> Site<'r> {
    /// The sums of a run take some 3 kB each while blocks are folded.
    const MOST_SUMS: u64 = 1 << 20;

    /// `sums` are those that scenarios before take.
    pub fn new(registry: &'r Registry, exact_budget: &'r mut ExactBudget, sums: &'r mut u64) -> Self {
        Self {
            registry,
            exact_budget,
            sums,
        }
    }

    /// Refuses arms of a study whose sums, `each` of an arm, would not fit beside those of the scenarios before.
    pub fn reserve(&mut self, own: &Own<'_, '_>, each: usize, arms: usize) -> Read<()> {
        if self.fits(each, arms) {
            return Ok(());
        }
        let what = format!(
            "{arms} arms of {each} sums each, with the scenarios before, are more than {} sums to keep: \
             take fewer arms or scenarios",
            Self::MOST_SUMS
        );
        own.refuse(own.fault("arms", what))
    }

    /// The same of arms that keep a sum of every mode.
    fn hold_modes(&mut self, own: &Own<'_, '_>, modes: usize, arms: usize) -> Read<()> {
        if self.fits(modes, arms) {
            return Ok(());
        }
        let what = format!(
            "{modes} modes in {arms} arms, with the scenarios before, are more than {} sums to keep: \
             take fewer modes, arms or scenarios",
            Self::MOST_SUMS
        );
        // A world of another kind may state neither.
        let stated = ["world.modes", "world.base"].into_iter().find(|key| own.has(key));
        own.refuse(own.fault(stated.unwrap_or("world.kind"), what))
    }

    fn fits(&mut self, each: usize, arms: usize) -> bool {
        let more = (each as u64).saturating_mul(arms as u64);
        *self.sums = self.sums.saturating_add(more);
        *self.sums <= Self::MOST_SUMS
    }
}
