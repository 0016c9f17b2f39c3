//! Owns what stands in a table beside plain values: other tables, lists of them, and the kind that decides its keys.

use super::doc::{Absent, Kind, Role, Symbol, VariantDoc, WordDoc};
use super::key::Got;
use super::own::{Read, Refused, Tree};
use super::sink::{Place, found};
use super::table::Table;
use crate::format::tree::{Node, Value};
use crate::format::{Fault, Origin};

/// One kind of a table: the word under `kind`, and the reader of the keys that it decides.
pub struct Variant<T> {
    /// The word.
    pub name: &'static str,
    /// What it is, in a clause.
    pub about: &'static str,
    /// Reads its keys and ends the table.
    pub read: fn(&mut Table<'_>) -> Read<T>,
}

impl<'a> Table<'a> {
    /// A table in this one. An absent one counts as empty.
    pub fn table<T>(
        &mut self,
        name: &'static str,
        about: &'static str,
        read: impl FnOnce(&mut Table<'_>) -> Read<T>,
    ) -> Got<T> {
        self.known.push(name);
        let absent = Absent::Said("the defaults of its keys");
        self.nested(name, about, absent, read)
    }

    /// A table in this one that must be there.
    pub fn need_table<T>(
        &mut self,
        name: &'static str,
        about: &'static str,
        read: impl FnOnce(&mut Table<'_>) -> Read<T>,
    ) -> Got<T> {
        self.known.push(name);
        if self.source.is_some() && self.table_node(name).is_none() {
            self.missing.push(name);
            return Got(None);
        }
        self.nested(name, about, Absent::Required, read)
    }

    /// A table in this one that may be absent; `absent` says what holds then.
    pub fn find_table<T>(
        &mut self,
        name: &'static str,
        about: &'static str,
        absent: &'static str,
        read: impl FnOnce(&mut Table<'_>) -> Read<T>,
    ) -> Got<Option<T>> {
        self.known.push(name);
        if self.source.is_some() && self.table_node(name).is_none() {
            return Got(Some(None));
        }
        Got(self.nested(name, about, Absent::Said(absent), read).0.map(Some))
    }

    pub(super) fn table_node(&self, name: &str) -> Option<&'a Node> {
        let tree = self.source.as_ref()?;
        tree.beside.or(tree.node)?.entry(name).map(|entry| &entry.node)
    }

    fn nested<T>(
        &mut self,
        name: &'static str,
        about: &'static str,
        absent: Absent,
        read: impl FnOnce(&mut Table<'_>) -> Read<T>,
    ) -> Got<T> {
        let Some(tree) = &self.source else {
            let keys = Table::described(self.role, read);
            self.describe(name, about, Kind::Table(keys), absent);
            return Got(None);
        };
        let node = self.table_node(name);
        let path = format!("{}{name}", self.prefix);
        if let Some(other) = node.filter(|node| !matches!(node.value, Value::Table(_))) {
            let what = format!("{} where a table is expected", found(&other.value));
            tree.sink.tell(Fault::new(&other.origin, path, what));
            self.refused = true;
            return Got(None);
        }
        let own = Tree {
            node,
            origin: node.map_or_else(|| tree.origin.clone(), |node| node.origin.clone()),
            beside: None,
            sink: tree.sink,
        };
        let mut child = Table::new(Some(own), &path, self.role);
        let value = read(&mut child);
        self.refused |= value.is_err();
        Got(value.ok())
    }

    /// The tables of a list such as `[[claims]]`, each with its node.
    pub fn tables<T>(
        &mut self,
        name: &'static str,
        about: &'static str,
        most: usize,
        mut read: impl FnMut(&mut Table<'_>) -> Read<T>,
    ) -> Got<Option<Vec<T>>> {
        self.known.push(name);
        let Some(tree) = &self.source else {
            let keys = Table::described(Role::Fixed, read);
            self.describe(name, about, Kind::Tables(keys), Absent::Said("none"));
            return Got(None);
        };
        let Some(node) = self.entry(name) else {
            return Got(Some(None));
        };
        let path = format!("{}{name}", self.prefix);
        let items = match list_of_tables(node, &path, most, &self.prefix) {
            Ok(items) => items,
            Err(fault) => {
                tree.sink.tell(*fault);
                self.refused = true;
                return Got(None);
            }
        };
        let sink = tree.sink;
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            values.push(read(&mut Table::reading(item, &path, Role::Fixed, sink)).ok());
        }
        let values: Option<Vec<T>> = values.into_iter().collect();
        self.refused |= values.is_none();
        Got(values.map(Some))
    }

    /// The word under `kind` decides which keys follow: those of its variant, whose reader ends the table.
    pub fn kind<T>(&mut self, about: &'static str, variants: &[&Variant<T>]) -> Read<T> {
        self.kind_called(None, about, variants)
    }

    /// The same where figures call the kind.
    pub(super) fn kind_called<T>(
        &mut self,
        symbol: Option<Symbol>,
        about: &'static str,
        variants: &[&Variant<T>],
    ) -> Read<T> {
        self.known.insert(0, "kind");
        if self.source.is_none() {
            return self.describe_kinds(about, symbol, variants);
        }
        let found = self.word(variants.iter().map(|variant| variant.name));
        match found.and_then(|word| variants.iter().find(|variant| variant.name == word)) {
            Some(variant) => (variant.read)(self),
            None => {
                self.refused = true;
                // Which other keys there are is not known without the kind.
                Err(Refused)
            }
        }
    }

    fn describe_kinds<T>(&mut self, about: &'static str, symbol: Option<Symbol>, variants: &[&Variant<T>]) -> Read<T> {
        let word = |variant: &&Variant<T>| WordDoc {
            name: variant.name,
            about: variant.about,
        };
        let kind = Kind::Word(variants.iter().map(word).collect());
        self.describe("kind", about, kind, Absent::Required);
        if let Some(doc) = self.docs.last_mut() {
            doc.symbol = symbol;
        }
        for variant in variants {
            self.variants.push(VariantDoc {
                name: variant.name,
                about: variant.about,
                keys: Table::described(self.role, variant.read).keys,
            });
        }
        Err(Refused)
    }

    /// The word under `kind`, if it is one of those known.
    fn word(&self, known: impl Iterator<Item = &'static str> + Clone) -> Option<&'a str> {
        let tree = self.source.as_ref()?;
        let Some(node) = self.entry("kind") else {
            let what = "the key `kind` is missing";
            tree.sink.tell(Fault::new(&tree.origin, self.name.as_str(), what));
            return None;
        };
        let place = Place {
            sink: tree.sink,
            prefix: &self.prefix,
            name: "kind",
            role: self.role,
        };
        match &node.value {
            Value::String(word) if known.clone().any(|own| own == word) => Some(word),
            Value::String(word) => place.refuse_fault(Fault::unknown(&node.origin, place.key(), "value", word, known)),
            _ => place.refuse_type(node, "a word"),
        }
    }
}

/// The items of a list of tables.
fn list_of_tables<'a>(node: &'a Node, path: &str, most: usize, prefix: &str) -> Result<&'a [Node], Box<Fault>> {
    let refuse = |origin: &Origin, what: String| Err(Box::new(Fault::new(origin, path, what)));
    let Value::Array(items) = &node.value else {
        let advice = match prefix.is_empty() {
            true => format!(": write [[{path}]]"),
            false => String::new(),
        };
        let what = format!("{} where a list of tables is expected{advice}", node.value.kind());
        return refuse(&node.origin, what);
    };
    if items.len() > most {
        let what = format!("{} tables; at most {most} are taken", items.len());
        return refuse(&items[most].origin, what);
    }
    match items.iter().find(|item| !matches!(item.value, Value::Table(_))) {
        None => Ok(items),
        Some(item) => refuse(&item.origin, format!("{} where a table is expected", item.value.kind())),
    }
}
