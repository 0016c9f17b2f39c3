//! Texts made to overflow the stack, to fill the memory, or to take for ever.

use super::within;
use std::time::Duration;

/// The same for texts made to take long: they take up to a second alone, and other tests run beside them.
const LONGEST_BOMB: Duration = Duration::from_secs(6);

fn refused(text: String, sets: Vec<String>) -> String {
    let start: String = text.chars().take(100).collect();
    match within(LONGEST_BOMB, text, sets) {
        Ok(()) => panic!("taken for right: {start}"),
        Err(fault) => fault.to_string(),
    }
}

const START: &str = "title = \"t\"\nstudy = \"selection\"\nseed = 1\nmeasures = [\"mode-mass\"]\nrun.replicates = 32\n\
    [world]\nkind = \"dirichlet\"\nmodes = 3\nconcentration = 2.0\n";

/// A right file but for one table.
fn file(rest: &str) -> String {
    format!("{START}{rest}\n")
}

fn list(count: usize) -> String {
    let items: Vec<String> = (1..=count).map(|i| i.to_string()).collect();
    format!("[{}]", items.join(", "))
}

#[test]
fn deep_nesting_is_refused_and_overflows_no_stack() {
    const DEEP: usize = 100_000;
    let deep = "nested more than 32 deep";
    for value in [
        format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP)),
        "[".repeat(DEEP),
        "{a=".repeat(DEEP),
        format!("{}1{}", "{a=".repeat(DEEP), "}".repeat(DEEP)),
        "[{a=".repeat(DEEP),
    ] {
        assert!(refused(format!("seed = {value}"), vec![]).ends_with(deep));
        assert!(refused(file(""), vec![format!("seed={value}")]).ends_with(deep));
    }
    let dotted = vec!["a"; DEEP].join(".");
    assert!(refused(format!("{dotted} = 1"), vec![]).ends_with(deep));
    assert!(refused(format!("[{dotted}]"), vec![]).ends_with(deep));
    assert!(refused(format!("[[{dotted}]]"), vec![]).ends_with(deep));
    assert!(refused(format!("seed = {{ {dotted} = 1 }}"), vec![]).ends_with(deep));
    assert!(refused(file(""), vec![format!("{dotted}=1")]).ends_with("a key of more than 32 parts"));
    // Each header deepens the same table by a little.
    let mut headers = String::new();
    for depth in (40..2000).step_by(40) {
        headers += &format!("[{}]\n", vec!["a"; depth].join("."));
    }
    assert!(refused(headers, vec![]).ends_with(deep));
    let strings = "\"\"\"".repeat(DEEP);
    assert!(refused(format!("title = {strings}"), vec![]).contains("not TOML"));
}

#[test]
fn grids_beyond_all_bounds_are_refused_before_they_are_expanded() {
    let most = "points up to here; at most 100000 are taken";
    let big = list(1000);
    let grid = format!("[arms]\ngrid = {{ prompts = {big}, responses = {big}, candidates = {big} }}");
    assert!(refused(file(&grid), vec![]).ends_with(most));
    let both = format!("[arms]\ngrid = {{ prompts = {big} }}\nzip = {{ responses = {big}, candidates = {big} }}");
    assert!(refused(file(&both), vec![]).ends_with(most));
    let grid = format!(
        "[arms]\nprompts = 1\nresponses = 1\n[sweep]\ngrid = {{ seed = {} }}",
        list(100_001)
    );
    assert!(refused(file(&grid), vec![]).ends_with(most));
    let product = format!(
        "[arms]\nresponses = 1\ngrid = {{ prompts = {big} }}\n[sweep]\ngrid = {{ seed = {} }}",
        list(101)
    );
    let said = refused(file(&product), vec![]);
    assert!(
        said.ends_with("101000 arms in all scenarios together; at most 100000 are taken"),
        "{said}"
    );
    let points = vec!["{ seed = 1 }"; 100_001].join(", ");
    let said = refused(
        file(&format!(
            "[arms]\nprompts = 1\nresponses = 1\n[sweep]\npoints = [{points}]"
        )),
        vec![],
    );
    assert!(said.ends_with("100001 tables; at most 100000 are taken"), "{said}");
}

#[test]
fn the_most_arms_and_the_most_scenarios_are_answered_quickly() {
    let arms = format!(
        "[arms]\ngrid = {{ prompts = {}, responses = {} }}",
        list(1000),
        list(100)
    );
    within(LONGEST_BOMB, file(&arms), vec![]).unwrap();
    let said = refused(file(&arms), vec!["world.modes=64".into()]);
    assert!(said.contains("64 modes in 100000 arms"), "{said}");
    let scenarios = format!(
        "[arms]\nprompts = 1\nresponses = 1\n[sweep]\ngrid = {{ seed = {} }}",
        list(20_000)
    );
    within(LONGEST_BOMB, file(&scenarios), vec![]).unwrap();
    let points: Vec<String> = (1..20_000).map(|i| format!("{{ seed = {i} }}")).collect();
    let listed = format!(
        "[arms]\nprompts = 1\nresponses = 1\n[sweep]\npoints = [{}]",
        points.join(", ")
    );
    within(LONGEST_BOMB, file(&listed), vec![]).unwrap();
}

#[test]
fn worlds_too_large_for_their_arms_are_refused() {
    let arms =
        "[arms]\nresponses = 1\ngrid = { prompts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17] }";
    let said = refused(file(arms), vec!["world.modes=65535".into()]);
    assert!(
        said.contains("--set world.modes=65535: world.modes: 65535 modes in 17 arms"),
        "{said}"
    );
    let said = refused(
        file(arms),
        vec![
            "world.modes=65535".into(),
            "measures=['loss', 'mode-mass-by-mode']".into(),
        ],
    );
    assert!(said.contains("65535 modes in 17 arms"), "{said}");
    let base = format!("base = {}\n[arms]\nprompts = 1\nresponses = 1", list(500_000));
    let said = refused(file(&base).replace("modes = 3\n", ""), vec![]);
    assert!(
        said.ends_with("world.base: 500000 values; at most 65535 are taken"),
        "{said}"
    );
}

/// A value of a grid stands in every point: it must not be copied into each.
#[test]
fn long_values_in_many_points_are_not_multiplied() {
    let logits = format!("[{}]", list(300_000));
    let grid = format!(
        "[arms]\ngrid = {{ \"policy.theta\" = {logits}, prompts = {}, responses = {} }}",
        list(1000),
        list(100)
    );
    let said = refused(file(&grid), vec![]);
    assert!(said.ends_with("300000 logits, but the world has 3 modes"), "{said}");
    let sweep = format!(
        "[arms]\ngrid = {{ prompts = {}, responses = {} }}\n[sweep]\ngrid = {{ \"policy.theta\" = {logits} }}",
        list(1000),
        list(100)
    );
    let said = refused(file(&sweep), vec![]);
    assert!(said.ends_with("300000 logits, but the world has 3 modes"), "{said}");
}

#[test]
fn many_exclusions_claims_and_filters_are_answered_quickly() {
    let arms = format!(
        "[arms]\ngrid = {{ prompts = {}, responses = {} }}\n",
        list(1000),
        list(100)
    );
    let pattern = |i: usize| format!("{{ prompts = {}, responses = {} }}", i / 100 + 1, i % 100 + 1);
    let patterns: Vec<String> = (0..50_000).map(pattern).collect();
    let said = refused(file(&format!("{arms}exclude = [{}]", patterns.join(", "))), vec![]);
    assert!(
        said.ends_with("more than 20000000 comparisons of points with excluded values"),
        "{said}"
    );
    let claim = "[[claims]]\nkind = \"sign\"\nestimand = \"mode-mass.variance\"\nsign = \"positive\"\n";
    let said = refused(file(&format!("{arms}{}", claim.repeat(900))), vec![]);
    assert!(
        said.ends_with("all claims and figures together look at more than 4194304 rows"),
        "{said}"
    );
    let said = refused(file(&format!("{arms}{}", claim.repeat(30_000))), vec![]);
    assert!(said.ends_with("30000 tables; at most 1000 are taken"), "{said}");
    let filter = format!(
        "{claim}where = {{ prompts = {}, responses = {} }}\n",
        list(1000),
        list(100)
    );
    within(LONGEST_BOMB, file(&format!("{arms}{}", filter.repeat(10))), vec![]).unwrap();
    let figure = "[[figures]]\nkind = \"line\"\nx = \"responses\"\ny = \"mode-mass.variance\"\nseries = \"prompts\"\n";
    let said = refused(file(&format!("{arms}{figure}")), vec![]);
    assert!(
        said.ends_with("figures.series: prompts has 1000 values here, and there are 49 looks that differ"),
        "{said}"
    );
}

#[test]
fn long_keys_and_values_give_short_messages() {
    let long = "k".repeat(3_000_000);
    assert!(refused(format!("{long} = 1"), vec![]).len() < 1000);
    assert!(refused(file(&format!("{long} = 1")), vec![]).len() < 1000);
    assert!(refused(file(&format!("[arms.grid]\n{long} = [1]")), vec![]).len() < 1000);
    assert!(refused(file("").replace("dirichlet", &long), vec![]).len() < 1000);
    assert!(refused(file(""), vec![format!("{long}=1")]).len() < 1000);
    assert!(refused(file(""), vec![format!("seed=\"{long}\"")]).len() < 1000);
    assert!(refused(file(""), vec![long.clone()]).len() < 1000);
    let where_long = format!(
        "[arms]\nprompts = 1\nresponses = 1\n[[claims]]\nkind = \"sign\"\nsign = \"positive\"\n\
         estimand = \"mode-mass.variance\"\nwhere = {{ {long} = 1 }}"
    );
    assert!(refused(file(&where_long), vec![]).len() < 1000);
    let keys: String = (0..200_000).map(|i| format!("k{i} = {i}\n")).collect();
    let said = refused(format!("{keys}{START}"), vec![]);
    assert!(said.len() < 1000, "{} characters: {said}", said.len());
}
