//! Which file uses what of which other: every path is followed, through `use` and what is handed on, to the file that declares
//! what it names.
//!
//! Only paths are followed. A method call names no file: the type that it is called on does, where a path names that.

use super::source::{Files, Modules};
use std::collections::{BTreeMap, BTreeSet};

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Module(usize),
    /// An item, by the module that declares it.
    Item(usize),
}

/// A file's use of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub from: String,
    pub to: String,
    /// The path as written.
    pub path: String,
}

/// What the files of a crate use.
#[derive(Debug, Default)]
pub struct Graph {
    /// Files whose items are used, by code that is no test. Handing a name on is no use of it.
    pub uses: BTreeSet<Edge>,
    /// The same with tests, with names handed on, and with every module that a path leads through.
    pub reaches: BTreeSet<Edge>,
    /// Paths of this crate that lead nowhere: were there any, the graph would have holes.
    pub lost: BTreeSet<String>,
}

/// A path, and who writes it how.
struct Written<'a> {
    module: usize,
    path: &'a [String],
    test: bool,
    imported: bool,
    handed_on: bool,
}

impl Graph {
    pub fn of(files: &Files) -> Self {
        let modules = Modules::read(files);
        let mut graph = Self::default();
        for (id, module) in modules.0.iter().enumerate() {
            for import in &module.imports {
                graph.add(
                    &modules,
                    &Written {
                        module: id,
                        path: &import.path,
                        test: import.test,
                        imported: true,
                        handed_on: import.handed_on,
                    },
                );
            }
            for mention in &module.mentions {
                graph.add(
                    &modules,
                    &Written {
                        module: id,
                        path: &mention.path,
                        test: mention.test,
                        imported: false,
                        handed_on: false,
                    },
                );
            }
        }
        graph.uses.retain(|edge| edge.from != edge.to);
        graph.reaches.retain(|edge| edge.from != edge.to);
        graph
    }

    fn add(&mut self, modules: &Modules, written: &Written) {
        let from = &modules.0[written.module].file;
        let path = written.path.join("::");
        let found = modules.resolve(written.module, written.path, &mut BTreeSet::new());
        let inside = ["crate", "self", "super"].contains(&written.path[0].as_str());
        if found.targets.is_empty() && inside && written.path.len() > 1 {
            self.lost.insert(format!("{from}: {path}"));
        }
        let edge = |module: usize| Edge {
            from: from.clone(),
            to: modules.0[module].file.clone(),
            path: path.clone(),
        };
        if written.imported || written.path.len() > 1 {
            self.reaches.extend(found.through.iter().map(|&module| edge(module)));
        }
        for target in found.targets {
            if let Target::Item(module) = target {
                self.reaches.insert(edge(module));
                if !written.test && !written.handed_on && !modules.0[module].test {
                    self.uses.insert(edge(module));
                }
            }
        }
    }

    /// Groups of files that use one another in a circle, each with the edges that make it.
    pub fn circles(&self) -> Vec<Vec<&Edge>> {
        let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for edge in &self.uses {
            next.entry(&edge.from).or_default().insert(&edge.to);
        }
        let reach: BTreeMap<&str, BTreeSet<&str>> = next.keys().map(|&file| (file, reached(&next, file))).collect();
        let mut groups = BTreeSet::new();
        for (&file, all) in &reach {
            let back = |other: &&&str| reach.get(**other).is_some_and(|all| all.contains(file));
            let group: BTreeSet<&str> = all.iter().filter(back).copied().collect();
            groups.insert(group);
        }
        let within = |group: &BTreeSet<&str>| {
            let inner = |edge: &&Edge| group.contains(&*edge.from) && group.contains(&*edge.to);
            self.uses.iter().filter(inner).collect()
        };
        groups.iter().filter(|group| !group.is_empty()).map(within).collect()
    }
}

/// The files that a file uses, directly or not.
fn reached<'a>(next: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &'a str) -> BTreeSet<&'a str> {
    let mut all = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        let new = next.get(file).into_iter().flatten().filter(|to| all.insert(**to));
        open.extend(new.copied().collect::<Vec<_>>());
    }
    all
}

/// Where a path leads, and the modules that it leads through.
#[derive(Default)]
struct Found {
    targets: BTreeSet<Target>,
    through: Vec<usize>,
}

/// Names that are being looked up, so that modules which hand names on to one another come to an end.
type Open = BTreeSet<(usize, String)>;

impl Modules {
    /// Follows a path that is written in a module.
    fn resolve(&self, module: usize, path: &[String], open: &mut Open) -> Found {
        let mut found = Found::default();
        let mut words = path.iter().map(String::as_str).peekable();
        let mut here = BTreeSet::new();
        match words.peek() {
            Some(&"crate") => {
                words.next();
                here.insert(Target::Module(0));
            }
            Some(&("self" | "super")) => {
                let mut at = Some(module);
                words.next_if_eq(&"self");
                while words.next_if_eq(&"super").is_some() {
                    at = at.and_then(|at| self.0[at].parent);
                }
                here.extend(at.map(Target::Module));
            }
            Some(word) => {
                here = self.look_up(module, word, open);
                words.next();
            }
            None => {}
        }
        for word in words {
            let (modules, items): (Vec<_>, Vec<_>) = here.iter().partition(|t| matches!(t, Target::Module(_)));
            let inner: BTreeSet<Target> = modules
                .iter()
                .flat_map(|target| match target {
                    Target::Module(id) | Target::Item(id) => {
                        found.through.push(*id);
                        self.look_up(*id, word, open)
                    }
                })
                .collect();
            // What follows an item is its own: a variant, a constant, a function of a type.
            if inner.is_empty() {
                found.targets = items.into_iter().cloned().collect();
                return found;
            }
            here = inner;
        }
        found.through.extend(here.iter().filter_map(|target| match target {
            Target::Module(id) => Some(*id),
            Target::Item(_) => None,
        }));
        found.targets = here;
        found
    }

    /// A name in a module: declared there, or brought in. A name can be a module and an item at once.
    fn look_up(&self, module: usize, name: &str, open: &mut Open) -> BTreeSet<Target> {
        let mut targets = BTreeSet::new();
        if !open.insert((module, name.to_owned())) {
            return targets;
        }
        let here = &self.0[module];
        targets.extend(here.children.get(name).map(|&child| Target::Module(child)));
        targets.extend(here.items.contains(name).then_some(Target::Item(module)));
        for import in here.imports.iter().filter(|i| i.name.as_deref() == Some(name)) {
            // `use rand::rand;` would look for `rand` here again: the guard makes it end.
            targets.extend(self.resolve(module, &import.path, open).targets);
        }
        if targets.is_empty() {
            for import in here.imports.iter().filter(|import| import.name.is_none()) {
                targets.extend(self.of_glob(module, &import.path, name, open));
            }
        }
        open.remove(&(module, name.to_owned()));
        targets
    }

    /// A name among all that a module or an enum holds.
    fn of_glob(&self, module: usize, path: &[String], name: &str, open: &mut Open) -> BTreeSet<Target> {
        let holders = self.resolve(module, path, open).targets;
        let inner = holders.into_iter().map(|holder| match holder {
            Target::Module(id) => self.look_up(id, name, open),
            Target::Item(_) => BTreeSet::new(),
        });
        inner.flatten().collect()
    }
}
