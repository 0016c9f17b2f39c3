//! Reads the modules of a crate: what each declares, brings in by `use`, and mentions.

use super::mentions::Reader;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::Visit;

/// The files of `src` by their place below it, and their text.
pub type Files = BTreeMap<String, String>;

/// A module: a file, or a block of one.
#[derive(Debug)]
pub struct Module {
    /// The file that it stands in, by its place below `src`.
    pub file: String,
    /// The module around it; none around the crate's root.
    pub parent: Option<usize>,
    /// Whether only tests see it.
    pub test: bool,
    /// The modules that it declares.
    pub children: BTreeMap<String, usize>,
    /// The other items that it declares.
    pub items: BTreeSet<String>,
    /// What it brings in.
    pub imports: Vec<Import>,
    /// The paths in its code.
    pub mentions: Vec<Mention>,
}

/// One name of a `use`, or all of a module's.
#[derive(Debug)]
pub struct Import {
    /// The name by which it is known here; none where a glob brings all.
    pub name: Option<String>,
    /// The words of the path, without the star of a glob.
    pub path: Vec<String>,
    /// Whether it hands the name on to others.
    pub handed_on: bool,
    /// Whether only tests see it.
    pub test: bool,
}

/// A path in an expression, a type, a pattern, an attribute or a macro call.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// Its words.
    pub path: Vec<String>,
    /// Whether only tests see it.
    pub test: bool,
}

/// The modules of a crate; the first is its root.
#[derive(Debug, Default)]
pub struct Modules(pub Vec<Module>);

/// A `mod` that is still to be read.
pub struct Nested {
    /// The declaration.
    pub item: syn::ItemMod,
    /// Whether only tests see it.
    pub test: bool,
}

/// Where a module stands: its file, and the folder where its children are looked for.
#[derive(Clone)]
struct Place {
    file: String,
    folder: String,
}

impl Modules {
    /// Reads the crate whose root is `lib.rs`.
    pub fn read(files: &Files) -> Self {
        let mut modules = Self::default();
        let root = Place {
            file: "lib.rs".to_owned(),
            folder: String::new(),
        };
        modules.file(files, &root, None, false);
        modules
    }

    /// Reads a file, and the modules that it declares.
    fn file(&mut self, files: &Files, place: &Place, parent: Option<usize>, test: bool) -> usize {
        let text = &files[&place.file];
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{}: {error}", place.file));
        self.module(files, place, parent, test, &parsed.items)
    }

    /// Reads a module's items, then those of the modules in it.
    fn module(
        &mut self,
        files: &Files,
        place: &Place,
        parent: Option<usize>,
        test: bool,
        items: &[syn::Item],
    ) -> usize {
        let mut reader = Reader::new(Module {
            file: place.file.clone(),
            parent,
            test,
            children: BTreeMap::new(),
            items: BTreeSet::new(),
            imports: Vec::new(),
            mentions: Vec::new(),
        });
        for item in items {
            reader.declare(item);
            reader.visit_item(item);
        }
        let (module, nested) = reader.done();
        let id = self.0.len();
        self.0.push(module);
        for inner in nested {
            let child = self.nested(files, place, id, &inner);
            self.0[id].children.insert(inner.item.ident.to_string(), child);
        }
        id
    }

    /// Reads a `mod`: its block, or its file.
    fn nested(&mut self, files: &Files, outer: &Place, parent: usize, nested: &Nested) -> usize {
        let name = nested.item.ident.to_string();
        let folder = format!("{}{name}/", outer.folder);
        if let Some((_, items)) = &nested.item.content {
            let place = Place {
                file: outer.file.clone(),
                folder,
            };
            return self.module(files, &place, Some(parent), nested.test, items);
        }
        let beside = outer.file.rfind('/').map_or("", |slash| &outer.file[..=slash]);
        let file = match path_attribute(&nested.item) {
            Some(path) => format!("{beside}{path}"),
            None => [format!("{}{name}.rs", outer.folder), format!("{folder}mod.rs")]
                .into_iter()
                .find(|file| files.contains_key(file))
                .unwrap_or_else(|| panic!("{}: no file of the module {name}", outer.file)),
        };
        let test = nested.test || is_test_file(&file);
        self.file(files, &Place { file, folder }, Some(parent), test)
    }
}

/// The file that `#[path = "..."]` names.
fn path_attribute(item: &syn::ItemMod) -> Option<String> {
    item.attrs.iter().find_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    })
}

fn is_test_file(file: &str) -> bool {
    file.ends_with("_tests.rs") || file.ends_with("/tests.rs") || file.contains("/tests/")
}
