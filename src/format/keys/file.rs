//! Owns the reading of a scenario: its seed, measures and world, the tables of its study, and its arms one by one.

use super::doc::{KeyDoc, Kind, Role, Symbol};
use super::form::{Integer, List, Named, Words};
use super::key::{Got, key};
use super::nested::Variant;
use super::own::{Own, Read};
use super::sink::Sink;
use super::table::Table;
use crate::format::grid::Point;
use crate::format::tree::{Entry, Node, Value};

/// One scenario on its way through the reader of its study.
pub struct File<'a> {
    tree: Option<Overlaid<'a>>,
    table: Table<'a>,
    /// What an arm's own settings decide of its other columns, arm by arm: `prompts` that a budget buys.
    derived: Vec<Option<(&'static str, f64)>>,
    /// The keys of `[arms]`, as they are described.
    arms: Vec<KeyDoc>,
}

/// Arms that are wrong, and scenarios, after which no more are read: what is wrong with many is mostly one thing.
pub const MOST_WRONG: usize = 16;

/// The tree of a scenario and the points of its arms.
#[derive(Clone, Copy)]
struct Overlaid<'a> {
    root: &'a Node,
    points: &'a [Point],
    sink: &'a Sink,
}

impl<'a> File<'a> {
    /// The scenario of a tree that the settings of its sweep point are laid over; an arm for each of these points.
    pub fn reading(root: &'a Node, points: &'a [Point], sink: &'a Sink) -> Self {
        Self {
            tree: Some(Overlaid { root, points, sink }),
            table: Table::reading(root, "", Role::Fixed, sink),
            derived: Vec::new(),
            arms: Vec::new(),
        }
    }

    /// A file whose keys are described.
    pub fn describing() -> Self {
        Self {
            tree: None,
            table: Table::describing(),
            derived: Vec::new(),
            arms: Vec::new(),
        }
    }

    /// The seed.
    pub fn seed(&mut self) -> Got<u64> {
        const ABOUT: &str = "Names the random streams, together with the world. Another seed gives independent draws.";
        let seed = self.with_role(Role::Draws, |table| table.get(key("seed", ABOUT, Integer(0, i64::MAX))));
        seed.map(|seed| seed as u64)
    }

    /// What is measured: at least one of these, each once.
    pub fn measures<M: Named>(&mut self, among: &'static [M]) -> Got<Vec<M>> {
        let list = List {
            of: Words(among),
            fewest: 1,
            most: usize::MAX,
            unique: true,
            empty: "nothing would be measured",
        };
        let about = "The statistics taken; each has estimands of its own.";
        self.table.get(key("measures", about, list))
    }

    /// The world, of one of these kinds.
    pub fn world<T>(&mut self, kinds: &[&Variant<T>]) -> Got<T> {
        self.world_of("instances", "kind of instances", kinds)
    }

    /// The same where figures call the kind otherwise.
    pub fn world_of<T>(&mut self, short: &'static str, long: &'static str, kinds: &[&Variant<T>]) -> Got<T> {
        const ABOUT: &str = "The data-generating mechanism, whose truth is known exactly.";
        let symbol = Symbol { short, long };
        self.with_role(Role::Draws, |table| {
            table.need_table("world", ABOUT, |world| {
                world.kind_called(Some(symbol), "Which mechanism.", kinds)
            })
        })
    }

    fn with_role<T>(&mut self, role: Role, read: impl FnOnce(&mut Table<'a>) -> T) -> T {
        self.table.role = role;
        let value = read(&mut self.table);
        self.table.role = Role::Fixed;
        value
    }

    /// Every arm, read from the file with the settings of its point laid over it.
    pub fn arms<T>(&mut self, mut read: impl FnMut(&mut Table<'_>) -> Read<T>) -> Got<Vec<T>> {
        let Some(Overlaid { root, points, sink }) = self.tree else {
            for doc in Table::described(Role::Method, read).keys {
                match doc.kind {
                    Kind::Table(_) => self.table.docs.push(doc),
                    _ => self.arms.push(doc),
                }
            }
            return Got(None);
        };
        let base = arm_tree(root);
        let mut arms = Vec::with_capacity(points.len());
        let mut wrong = 0;
        for point in points {
            if wrong == MOST_WRONG {
                break;
            }
            let mut tree = base.clone();
            let overlaid = point.iter().try_for_each(|setting| {
                let path = path_of(&setting.key);
                tree.overlay(&path, &setting.key_origin, setting.node.as_ref().clone())
            });
            if sink.told(overlaid).is_none() {
                arms.push(None);
                wrong += 1;
                continue;
            }
            let mut table = Table::arm(&tree, sink);
            let value = read(&mut table).ok();
            wrong += usize::from(value.is_none());
            self.derived.push(table.derived);
            arms.push(value);
        }
        let arms: Option<Vec<T>> = arms.into_iter().collect();
        self.table.refused |= arms.is_none();
        Got(arms)
    }

    /// What arms derive, one by one.
    pub fn derived(&self) -> &[Option<(&'static str, f64)>] {
        &self.derived
    }

    /// How many arms there are.
    pub fn arm_count(&self) -> usize {
        self.tree.map_or(0, |tree| tree.points.len())
    }

    /// Says whether all values may be taken. Keys that no reader knows were told once for the file.
    pub fn end(&mut self) -> Read<Own<'_, 'a>> {
        self.table.end_known()
    }

    /// The keys, as they were described: those of the file, and those of `[arms]`.
    pub fn into_docs(self) -> (Vec<KeyDoc>, Vec<KeyDoc>) {
        (self.table.docs, self.arms)
    }
}

/// Where a key that varies stands in the tree of a scenario: method keys without a table stand in `[arms]`.
pub fn path_of(key: &str) -> Vec<&str> {
    match key.contains('.') || key == "seed" {
        true => key.split('.').collect(),
        false => vec!["arms", key],
    }
}

/// The part of a scenario's tree that arms are made of: `[arms]` and the tables beside it.
fn arm_tree(root: &Node) -> Node {
    let own = |entry: &&Entry| !["seed", "measures", "world"].contains(&entry.key.as_str());
    let mut entries: Vec<Entry> = root.entries().iter().filter(own).cloned().collect();
    if !entries.iter().any(|entry| entry.key == "arms") {
        entries.push(Entry {
            key: "arms".to_owned(),
            origin: root.origin.clone(),
            node: Node {
                value: Value::Table(Vec::new()),
                origin: root.origin.clone(),
            },
        });
    }
    Node {
        value: Value::Table(entries),
        origin: root.origin.clone(),
    }
}
