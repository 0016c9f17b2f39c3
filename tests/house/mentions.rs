//! Collects what the code of a module declares, brings in and mentions, in whatever form it is written.

use super::source::{Import, Mention, Module, Nested};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};

/// What a string is: attributes may hold paths in strings, as serde's `with` does.
#[derive(Clone, Copy)]
enum Quoted {
    Text,
    Path,
}

/// Walks the items of one module; modules within are handed back unread.
pub struct Reader {
    module: Module,
    nested: Vec<Nested>,
    test: bool,
}

impl Reader {
    pub fn new(module: Module) -> Self {
        Self {
            test: module.test,
            module,
            nested: Vec::new(),
        }
    }

    /// The module, and the modules that it declares.
    pub fn done(mut self) -> (Module, Vec<Nested>) {
        self.module.mentions.sort();
        self.module.mentions.dedup();
        (self.module, self.nested)
    }

    /// Notes the name that an item declares.
    pub fn declare(&mut self, item: &syn::Item) {
        let name = match item {
            syn::Item::Const(item) => &item.ident,
            syn::Item::Enum(item) => &item.ident,
            syn::Item::Fn(item) => &item.sig.ident,
            syn::Item::Macro(item) => match &item.ident {
                Some(name) => name,
                None => return self.declare_by_macro(&item.mac),
            },
            syn::Item::Static(item) => &item.ident,
            syn::Item::Struct(item) => &item.ident,
            syn::Item::Trait(item) => &item.ident,
            syn::Item::TraitAlias(item) => &item.ident,
            syn::Item::Type(item) => &item.ident,
            syn::Item::Union(item) => &item.ident,
            _ => return,
        };
        self.module.items.insert(name.to_string());
    }

    /// A macro that stands for items declares the names that it is handed as such: `dispatch!(pub mod fit = ...)` declares `fit`.
    fn declare_by_macro(&mut self, call: &syn::Macro) {
        const DECLARING: [&str; 6] = ["enum", "fn", "mod", "static", "struct", "type"];
        let words = call.tokens.clone().into_iter().filter_map(|token| match token {
            TokenTree::Ident(word) => Some(word.to_string()),
            _ => None,
        });
        let words: Vec<String> = words.collect();
        let declared = words.windows(2).filter(|pair| DECLARING.contains(&pair[0].as_str()));
        self.module.items.extend(declared.map(|pair| pair[1].clone()));
    }

    fn mention(&mut self, path: Vec<String>) {
        let test = self.test;
        self.module.mentions.push(Mention { path, test });
    }

    /// The names of a `use`: `a::{b, c::*}` are two.
    fn names_of(&mut self, tree: &syn::UseTree, path: &[String], handed_on: bool) {
        let with = |word: &syn::Ident| [path, &[word.to_string()]].concat();
        let (name, path) = match tree {
            syn::UseTree::Path(inner) => return self.names_of(&inner.tree, &with(&inner.ident), handed_on),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.names_of(tree, path, handed_on);
                }
                return;
            }
            syn::UseTree::Glob(_) => (None, path.to_vec()),
            syn::UseTree::Name(name) if name.ident == "self" => (path.last().cloned(), path.to_vec()),
            syn::UseTree::Name(name) => (Some(name.ident.to_string()), with(&name.ident)),
            syn::UseTree::Rename(name) if name.ident == "self" => (Some(name.rename.to_string()), path.to_vec()),
            syn::UseTree::Rename(name) => (Some(name.rename.to_string()), with(&name.ident)),
        };
        self.module.imports.push(Import {
            name,
            path,
            handed_on,
            test: self.test,
        });
    }

    /// Paths in text that no grammar covers: what macros and attributes are handed.
    fn tokens(&mut self, tokens: TokenStream, quoted: Quoted) {
        let mut words = Words::default();
        for token in tokens {
            match token {
                TokenTree::Ident(word) => words.ident(&word.to_string()),
                TokenTree::Punct(mark) => words.mark(mark.as_char()),
                TokenTree::Literal(literal) => {
                    words.end();
                    if let (Quoted::Path, Ok(text)) = (quoted, syn::parse2::<syn::LitStr>(literal.into_token_stream()))
                    {
                        let path = text.parse::<syn::Path>();
                        path.iter().for_each(|path| self.visit_path(path));
                    }
                }
                TokenTree::Group(group) => {
                    words.end();
                    self.tokens(group.stream(), quoted);
                }
            }
        }
        words.end();
        for path in words.paths {
            self.mention(path);
        }
    }
}

/// Puts paths together from the tokens of one level. A word after a dot is a field, one after a quote a lifetime.
#[derive(Default)]
struct Words {
    paths: Vec<Vec<String>>,
    path: Vec<String>,
    marks: String,
}

impl Words {
    fn ident(&mut self, word: &str) {
        let goes_on = self.marks == "::" && !self.path.is_empty();
        let (dot, range) = (self.marks.ends_with('.'), self.marks.ends_with(".."));
        let other = dot && !range || self.marks.ends_with('\'') || (self.marks == "::" && self.path.is_empty());
        if !goes_on {
            self.end();
        }
        if !other {
            self.path.push(word.to_owned());
        }
        self.marks.clear();
    }

    fn mark(&mut self, mark: char) {
        self.marks.push(mark);
        if mark != ':' {
            self.end_path();
        }
    }

    fn end_path(&mut self) {
        if !self.path.is_empty() {
            self.paths.push(std::mem::take(&mut self.path));
        }
    }

    fn end(&mut self) {
        self.end_path();
        self.marks.clear();
    }
}

/// Whether `#[cfg(test)]` stands before an item.
fn for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let within = attribute.meta.require_list().map(|list| list.tokens.to_string());
        attribute.path().is_ident("cfg") && within.is_ok_and(|within| within == "test")
    })
}

fn attributes_of(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let before = self.test;
        self.test |= for_tests(attributes_of(item));
        visit::visit_item(self, item);
        self.test = before;
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let (item, test) = (item.clone(), self.test);
        self.nested.push(Nested { item, test });
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let handed_on = !matches!(item.vis, syn::Visibility::Inherited);
        if item.leading_colon.is_none() {
            self.names_of(&item.tree, &[], handed_on);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.mention(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone(), Quoted::Text);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if !attribute.path().is_ident("doc") {
            self.tokens(attribute.meta.to_token_stream(), Quoted::Path);
        }
    }

    /// `pub(in path)` says who may use a name, and uses none itself.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}
}
