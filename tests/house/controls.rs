//! Small crates that break the rules in every form: were the tests blind, these would tell.

use super::graph::Graph;
use super::source::Files;
use super::{circles, climbs};

/// A crate of these files; those that a test does not speak of are empty.
fn graph(files: &[(&str, &str)]) -> Graph {
    let own = files
        .iter()
        .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()));
    let graph = Graph::of(&own.collect::<Files>());
    assert!(graph.lost.is_empty(), "{:?}", graph.lost);
    graph
}

/// The rooms `world`, with this text in a file of it, and above it `engine` and `study`.
fn seen_in_world(text: &str) -> Vec<String> {
    let graph = graph(&[
        ("lib.rs", "mod engine; mod study; mod world;"),
        ("engine/mod.rs", "mod spec; pub use spec::{Key, key};"),
        ("engine/spec.rs", "pub struct Key; pub fn key() -> bool { true }"),
        (
            "study/mod.rs",
            "pub struct Setting; pub mod inner { pub const WORDS: u32 = 1; }",
        ),
        ("world/mod.rs", "mod deep; mod law;"),
        ("world/deep.rs", ""),
        ("world/law.rs", text),
    ]);
    climbs(&graph)
}

/// What is seen where `world/law.rs` reaches up to `engine`, by a path.
fn engine_by(path: &str) -> Vec<String> {
    ["engine/mod.rs", "engine/spec.rs"]
        .map(|file| format!("world/law.rs imports {path} ({file})"))
        .to_vec()
}

#[test]
fn a_plain_import_that_runs_up_is_seen() {
    assert_eq!(
        seen_in_world("use crate::engine::Key;"),
        engine_by("crate::engine::Key")
    );
    assert_eq!(
        seen_in_world("use crate::engine::Key as Other;"),
        engine_by("crate::engine::Key")
    );
    assert_eq!(
        seen_in_world("pub use crate::engine::Key;"),
        engine_by("crate::engine::Key")
    );
}

#[test]
fn a_comment_is_no_import() {
    let text = "//! Unlike crate::engine::Key.\n/// [`Key`](crate::engine::Key)\nfn own() {} // crate::engine::key()";
    assert_eq!(seen_in_world(text), Vec::<String>::new());
}

#[test]
fn an_import_in_a_group_is_seen() {
    let text = "use crate::{world, study::{self, inner::WORDS}};";
    let by = |path: &str| format!("world/law.rs imports {path} (study/mod.rs)");
    assert_eq!(
        seen_in_world(text),
        ["crate::study", "crate::study::inner::WORDS"].map(by)
    );
}

#[test]
fn an_import_on_several_lines_is_seen() {
    assert_eq!(
        seen_in_world("use crate::{\n    engine::{\n        Key,\n    },\n};"),
        engine_by("crate::engine::Key")
    );
}

#[test]
fn an_import_by_super_and_self_is_seen() {
    assert_eq!(
        seen_in_world("use super::super::engine::Key;"),
        engine_by("super::super::engine::Key")
    );
    assert_eq!(
        seen_in_world("use self::super::super::engine::Key;"),
        engine_by("self::super::super::engine::Key")
    );
}

#[test]
fn an_import_by_glob_is_seen() {
    let seen = seen_in_world("use crate::engine::*;\nfn own() -> Key { todo() }");
    assert_eq!(
        seen,
        [
            "world/law.rs imports crate::engine (engine/mod.rs)",
            "world/law.rs imports Key (engine/spec.rs)"
        ]
    );
}

#[test]
fn an_import_inside_a_function_is_seen() {
    assert_eq!(
        seen_in_world("fn own() { use crate::engine::key; }"),
        engine_by("crate::engine::key")
    );
}

#[test]
fn a_path_in_an_expression_a_type_or_a_pattern_is_seen() {
    assert_eq!(
        seen_in_world("fn own() -> bool { crate::engine::key() }"),
        engine_by("crate::engine::key")
    );
    assert_eq!(
        seen_in_world("struct Own(Vec<crate::engine::Key>);"),
        engine_by("crate::engine::Key")
    );
    assert_eq!(
        seen_in_world("impl<T: crate::engine::Key> Own<T> {}"),
        engine_by("crate::engine::Key")
    );
    assert_eq!(
        seen_in_world("fn own() { let crate::engine::Key = x; }"),
        engine_by("crate::engine::Key")
    );
    assert_eq!(
        seen_in_world("fn own() { <u8 as crate::engine::Key>::of() }"),
        engine_by("crate::engine::Key::of")
    );
}

#[test]
fn a_path_inside_a_macro_is_seen() {
    assert_eq!(
        seen_in_world("fn own() { assert!(!crate::engine::key()); }"),
        engine_by("crate::engine::key")
    );
    assert_eq!(
        seen_in_world("fn own() { vec![(1, [crate::engine::Key])]; }"),
        engine_by("crate::engine::Key")
    );
    assert_eq!(
        seen_in_world("macro_rules! m { () => { $crate::engine::key() } }"),
        engine_by("crate::engine::key")
    );
}

#[test]
fn a_path_in_an_attribute_is_seen() {
    assert_eq!(
        seen_in_world("#[arg(value_parser = crate::engine::key)] struct Own;"),
        engine_by("crate::engine::key")
    );
    assert_eq!(
        seen_in_world("#[serde(with = \"crate::engine::key\")] struct Own;"),
        engine_by("crate::engine::key")
    );
}

#[test]
fn a_path_in_tests_is_seen() {
    let text = "use crate::engine::Key;\n#[cfg(test)]\nmod tests { use super::*;\n fn own() { Key::new(); } }";
    let seen = seen_in_world(text);
    let expected = [
        "world/law.rs imports crate::engine::Key (engine/mod.rs)",
        "world/law.rs imports Key::new (engine/spec.rs)",
        "world/law.rs imports crate::engine::Key (engine/spec.rs)",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn a_path_that_leads_nowhere_is_told() {
    let files = [
        ("lib.rs", "mod own;"),
        (
            "own.rs",
            "fn own() { crate::gone::away(); self.crate_(); self::own(); }",
        ),
    ];
    let files = files.map(|(file, text)| (file.to_owned(), text.to_owned()));
    assert_eq!(
        Graph::of(&files.into_iter().collect()).lost,
        ["own.rs: crate::gone::away".to_owned()].into()
    );
}

#[test]
fn a_closed_room_is_closed() {
    let data = ("data/mod.rs", "use crate::theory::law;");
    let lib = ("lib.rs", "mod data; mod theory; mod study;");
    let theory = ("theory/mod.rs", "pub fn law() {}");
    let study = ("study/mod.rs", "use crate::theory::law;");
    let seen = climbs(&graph(&[lib, data, theory, study]));
    assert_eq!(seen, ["data/mod.rs imports crate::theory::law (theory/mod.rs)"]);
}

/// A room whose files hold these texts, and the circles in it.
fn circles_of(top: &str, left: &str, right: &str) -> Vec<String> {
    let top = format!("mod left; mod right; {top}");
    circles(&graph(&[
        ("lib.rs", "mod room;"),
        ("room/mod.rs", &top),
        ("room/left.rs", left),
        ("room/right.rs", right),
    ]))
}

#[test]
fn files_in_a_row_are_no_circle() {
    let none = Vec::<String>::new();
    assert_eq!(circles_of("", "pub struct Left;", "use super::left::Left;"), none);
    assert_eq!(
        circles_of(
            "pub use left::Left;",
            "pub struct Left;",
            "use super::Left; pub struct Right;"
        ),
        none
    );
    let used = "use left::Left; use right::Right; pub fn own(_: Left, _: Right) {}";
    assert_eq!(
        circles_of(used, "pub struct Left;", "use super::left::Left; pub struct Right;"),
        none
    );
}

#[test]
fn a_circle_of_two_is_seen() {
    let seen = circles_of(
        "",
        "use super::right::Right; pub struct Left;",
        "pub struct Right(super::left::Left);",
    );
    let told = "2 files:\n  room/left.rs -> room/right.rs: super::right::Right\n  room/right.rs -> room/left.rs: super::left::Left";
    assert_eq!(seen, [told]);
}

#[test]
fn a_circle_through_names_handed_on_is_seen() {
    let told = |left: &str, right: &str| {
        format!("2 files:\n  room/left.rs -> room/right.rs: {left}\n  room/right.rs -> room/left.rs: {right}")
    };
    let (left, right) = (
        "pub struct Left; use super::Right;",
        "pub struct Right; use crate::room::{Left};",
    );
    let handed = told("super::Right", "crate::room::Left");
    assert_eq!(
        circles_of("pub use left::Left; pub use right::Right;", left, right),
        std::slice::from_ref(&handed)
    );
    assert_eq!(
        circles_of("pub use left::*; pub(crate) use {right::{Right}};", left, right),
        [handed]
    );
    let renamed = (
        "pub struct Left; fn own(_: super::R) {}",
        "pub struct Right; use super::L;",
    );
    assert_eq!(
        circles_of(
            "pub use left::Left as L; pub use right::Right as R;",
            renamed.0,
            renamed.1
        ),
        [told("super::R", "super::L")]
    );
}

#[test]
fn a_circle_with_the_top_of_a_room_is_seen() {
    let told = "2 files:\n  room/left.rs -> room/mod.rs: super::helper\n  room/mod.rs -> room/left.rs: left::Left";
    let left = "pub struct Left; fn own() { super::helper(); }";
    assert_eq!(circles_of("use left::Left; fn helper() {}", left, ""), [told]);
    assert_eq!(circles_of("fn helper() { matches!(x, left::Left) }", left, ""), [told]);
    let by_name = "2 files:\n  room/left.rs -> room/mod.rs: helper\n  room/mod.rs -> room/left.rs: left::Left";
    let left = "use super::*; pub struct Left; fn own() { helper(); }";
    assert_eq!(circles_of("use left::Left; fn helper() {}", left, ""), [by_name]);
}

#[test]
fn a_circle_through_variants_and_functions_of_types_is_seen() {
    let left = "use super::right::Right; pub enum Left { One } fn own() { Right::new(); }";
    let right = "pub struct Right; fn own() { use super::left::Left::*; }";
    let told = "2 files:\n  room/left.rs -> room/right.rs: Right::new, super::right::Right\n  \
        room/right.rs -> room/left.rs: super::left::Left";
    assert_eq!(circles_of("", left, right), [told]);
}

#[test]
fn a_circle_of_rooms_is_seen() {
    let seen = circles(&graph(&[
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a/mod.rs", "pub fn a() { crate::b::b() }"),
        ("b/mod.rs", "mod inner; pub use inner::b;"),
        ("b/inner.rs", "use crate::c; pub fn b() { c::c() }"),
        ("c/mod.rs", "pub fn c() { super::a::a(); }"),
    ]));
    let told = "3 files:\n  a/mod.rs -> b/inner.rs: crate::b::b\n  b/inner.rs -> c/mod.rs: c::c\n  c/mod.rs -> a/mod.rs: super::a::a";
    assert_eq!(seen, [told]);
}

#[test]
fn a_circle_through_what_macros_declare_is_seen() {
    let left = "use super::right::fit; pub(crate) use room; macro_rules! room { () => {} }";
    let right = "super::left::room!(pub mod fit = kernel(x: u8));";
    let told = "2 files:\n  room/left.rs -> room/right.rs: super::right::fit\n  room/right.rs -> room/left.rs: super::left::room";
    assert_eq!(circles_of("", left, right), [told]);
}

#[test]
fn tests_may_close_a_circle() {
    let none = Vec::<String>::new();
    let left = "pub struct Left; #[cfg(test)] mod tests { use super::*; use crate::room::right::Right; }";
    assert_eq!(circles_of("", left, "use super::left::Left; pub struct Right;"), none);
    let left = "pub struct Left; #[cfg(test)] use super::right::Right; #[cfg(test)] fn own(_: super::right::Right) {}";
    assert_eq!(circles_of("", left, "use super::left::Left; pub struct Right;"), none);
    let left = "pub struct Left; #[cfg(test)] #[path = \"left_tests.rs\"] mod tests;";
    let files = [
        ("lib.rs", "mod left; mod right;"),
        ("left.rs", left),
        ("left_tests.rs", "use super::super::right::Right; use super::Left;"),
        ("right.rs", "use super::left::Left; pub struct Right;"),
    ];
    assert_eq!(circles(&graph(&files)), none);
}
