//! Which cells are left of a claim where rows are out of range.

use super::super::parse;
use super::*;
use crate::format::keys::{Role, Sink, Table};
use crate::format::tree;
use crate::study::registry::STUDIES;

/// The template with a claim on mode-mass.variance instead of its own.
fn with_claim(claim: &str) -> String {
    let text = STUDIES[0].template;
    let text = &text[..text.find("[[claims]]").expect("claims")];
    format!("{text}[[claims]]\nestimand = \"mode-mass.variance\"\n{claim}")
}

/// What a claim on the template's arms (prompts 16, 64; responses 1, 2, 4, 8) covers when some rows are out of range:
/// pairs of responses, and the number of prompts.
fn covered(claim: &str, in_range: impl Fn(u32, u32) -> bool) -> Result<Vec<(Vec<f64>, f64)>, String> {
    let text = with_claim(&format!("with-exact = true\n{claim}"));
    let experiment = parse("x", "x.toml", text, &[]).map_err(|faults| faults.to_string())?;
    let root = tree::parse(&experiment.source).map_err(|fault| fault.to_string())?;
    let node = &root.items("claims")[0];
    let number = |row: RowRef, column: usize| experiment.cells(row)[column].number.expect("a number");
    let in_range = |row: RowRef| in_range(number(row, 0) as u32, number(row, 1) as u32);
    let read = read_keys(&mut Table::reading(node, "claims", Role::Fixed, &Sink::default())).expect("a right claim");
    let cells = cells(node, &experiment, &mut Rows::new(&experiment), &read, &in_range);
    let seen = |cell: &ClaimCell| {
        let first = cell.rows().next().expect("a row");
        (cell.rows().map(|row| number(row, 1)).collect(), number(first, 0))
    };
    cells
        .map(|(cells, _)| cells.iter().map(seen).collect())
        .map_err(|fault| fault.to_string())
}

#[test]
fn rows_out_of_range_are_left_out_of_a_claim_of_any_kind() {
    let range = |prompts, responses| prompts == 64 && responses != 2;
    let pairs = |claim: &str| covered(claim, range).expect("cells");
    let pair = |a: f64, b: f64| (vec![a, b], 64.0);
    assert_eq!(
        pairs("kind = \"zero\"\nabsolute = 1"),
        [1.0, 4.0, 8.0].map(|k| (vec![k], 64.0))
    );
    // A step joins what is left.
    let falls = "kind = \"monotone\"\nalong = \"responses\"\ndirection = \"decreasing\"";
    assert_eq!(pairs(falls), [pair(4.0, 1.0), pair(8.0, 4.0)]);
    let below =
        "kind = \"ordering\"\ndirection = \"below\"\nversus = { responses = 1 }\nwhere = { responses = [2, 8] }";
    assert_eq!(pairs(below), [pair(8.0, 1.0)]);
    let best = "kind = \"optimum\"\nalong = \"responses\"\nat = 4";
    assert_eq!(pairs(best), [pair(4.0, 1.0), pair(4.0, 8.0)]);
}

/// Rewards are noisy, so that what diverse-best keeps of 8 has no law; of random, and of all 8 kept by diverse, it has.
#[test]
fn what_is_left_out_is_told_in_the_statement() {
    let text = |claim: &str| {
        format!(
            "title = \"t\"\nstudy = \"selection\"\nseed = 1\nmeasures = [\"mode-mass\"]\n[world]\nkind = \"embedded\"\n\
             modes = 3\nbase = \"uniform\"\nconcentration = 2.0\nreward = \"aligned\"\nreward-noise = 0.1\n[arms]\nprompts = 2\n\
             candidates = 8\ngrid = {{ selector = [\"random\", \"diverse\", \"diverse-best\"], responses = [2, 4] }}\n\
             [run]\nreplicates = 64\n[[claims]]\nestimand = \"mode-mass.variance\"\n{claim}"
        )
    };
    let read = |claim: &str| {
        let experiment = parse("x", "x.toml", text(claim), &[]).map_err(|fault| fault.to_string());
        experiment.expect("a right file").claims.remove(0)
    };
    let why = "rewards are noisy, and what diverse-best keeps is known where a mode has one reward";
    let at_most = "kind = \"at-most\"\nbound = 9\nstatement = \"small\"\nwith-exact = ";
    let found = read(&format!("{at_most}true"));
    assert_eq!(
        found.left_out,
        Some(LeftOut {
            cells: 2,
            of: 6,
            why: Some(why)
        })
    );
    assert_eq!(
        found.statement,
        format!("small (2 of 6 cells left out for want of an exact value: {why})")
    );
    let whole = read(&format!("{at_most}false"));
    assert_eq!(
        (whole.left_out, whole.statement.as_str(), whole.cells.len()),
        (None, "small", 6)
    );
    // Pairs are left out as pairs.
    let below = "kind = \"ordering\"\ndirection = \"below\"\nwhere = { selector = [\"diverse\", \"diverse-best\"] }\n\
                 versus = { selector = \"random\" }\nwith-exact = true";
    assert_eq!(
        read(below).left_out,
        Some(LeftOut {
            cells: 2,
            of: 4,
            why: Some(why)
        })
    );
}

#[test]
fn a_claim_that_keeps_no_row_is_refused() {
    for claim in [
        "kind = \"zero\"\nabsolute = 1",
        "kind = \"monotone\"\nalong = \"responses\"\ndirection = \"decreasing\"",
        "kind = \"ordering\"\ndirection = \"below\"\nversus = { responses = 1 }\nwhere = { responses = 8 }",
        "kind = \"optimum\"\nalong = \"responses\"\nat = 4",
    ] {
        let refused = covered(claim, |_, _| false).unwrap_err();
        let said = "claims.with-exact: no row of the claim has an exact value, so nothing is left to judge";
        assert!(refused.ends_with(said), "{refused}");
    }
}

/// The scale, the target and the margin of every kind: a factor is printed as it was written, not as its logarithm's.
#[test]
fn every_kind_prints_what_its_cells_are_compared_with() {
    let printed = |claim: &str| {
        let experiment = parse("x", "x.toml", with_claim(claim), &[]).map_err(|faults| faults.to_string());
        let experiment = experiment.expect("a right file");
        let claim = &experiment.claims[0];
        let said = claim.kind.says(experiment.theory(claim.cells[0].first()), false);
        (said.scale(), claim.kind.against(said))
    };
    let along = "along = \"responses\"";
    let below = "kind = \"ordering\"\ndirection = \"below\"\nversus = { responses = 1 }\nwhere = { responses = 8 }";
    let cases = [
        ("kind = \"agrees\"\ntarget = 0.3\nmargin = 0.1", ("ratio", (0.3, 0.1))),
        ("kind = \"agrees\"\ntarget = 0.3\nabsolute = 0.1", ("value", (0.3, 0.1))),
        (
            "kind = \"agrees\"\ntarget = 2\nabsolute = 1\nmargin = 3",
            ("value", (2.0, 7.0)),
        ),
        ("kind = \"at-most\"\nbound = 0.3", ("value", (0.3, 0.3))),
        ("kind = \"at-least\"\nbound = 0.3", ("value", (0.3, 0.3))),
        ("kind = \"sign\"\nsign = \"negative\"", ("value", (0.0, 0.0))),
        ("kind = \"zero\"\nabsolute = 0.3", ("value", (0.0, 0.3))),
        (
            &format!("kind = \"monotone\"\ndirection = \"increasing\"\n{along}"),
            ("difference", (0.0, 0.0)),
        ),
        (below, ("difference", (0.0, 0.0))),
        (&format!("{below}\nfactor = 0.3"), ("ratio", (0.3, 0.3))),
        (
            &format!("kind = \"optimum\"\nat = 8\nwithin = 0.3\n{along}"),
            ("ratio", (1.0, 0.3)),
        ),
    ];
    for (claim, expected) in cases {
        assert_eq!(printed(claim), expected, "{claim}");
    }
}
