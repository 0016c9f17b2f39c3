//! Claims over real runs of the study `selection`: each kind is seen confirmed, refuted and inconclusive.
//!
//! The world's law is known: the variance of the mode mass falls with K and N_p, its squared bias is 0. What is right is
//! confirmed, its opposite refuted, and what the replicates cannot tell apart stays inconclusive.

use mode_lottery::engine;
use mode_lottery::engine::ExactCache;
use mode_lottery::experiment::{ClaimCell, Experiment, parse};
use mode_lottery::inference::groups::Groups;
use mode_lottery::inference::jackknife::jackknife;
use mode_lottery::inference::pair::{Contrast, Paired};
use mode_lottery::numerics::text::rounded;
use mode_lottery::record::{parse_claims, write_claims};
use mode_lottery::session::{Judged, judge};
use std::path::Path;

/// K = 4 twice: once as kept and once of a pool of four, which is the same design on the same draws.
const BASE: &str = r#"
title = "Claims over pairs"
study = "selection"
seed = 11
measures = ["mode-mass"]
world = { kind = "dirichlet", modes = 4, base = [4, 3, 2, 1], concentration = 8.0 }
run = { replicates = 4_096 }
[arms]
prompts = 16
points = [
  { responses = 1 },
  { responses = 2 },
  { responses = 4 },
  { responses = 8 },
  { responses = 4, candidates = 4 },
]
"#;

fn run(text: &str) -> (Experiment, Vec<Groups>) {
    let experiment = parse("claims", "claims.toml", text.to_owned(), &[])
        .and_then(|own| own.settle(ExactCache::on_demand()))
        .unwrap_or_else(|fault| panic!("{fault}"));
    let draw = |study: &_| engine::run(study, experiment.most_replicates()).expect("a run");
    let groups = experiment.scenarios.iter().map(|s| draw(s.study.as_ref())).collect();
    (experiment, groups)
}

/// The claims of a file over [`BASE`], judged.
fn judged(claims: &[&str]) -> Vec<Judged> {
    let tables: String = claims.iter().map(|claim| format!("[[claims]]\n{claim}\n")).collect();
    let (experiment, groups) = run(&format!("{BASE}{tables}"));
    let judged = judge(&experiment, &groups);
    // A record is what its file holds, or a page made of the file would say something else than the page made by the run.
    let records: Vec<_> = judged.iter().map(|own| own.record.clone()).collect();
    let read = parse_claims(Path::new("claims.csv"), &write_claims(&records)).unwrap();
    assert_eq!(read, records);
    judged
}

/// Each claim alone in its file, so that none pays for another.
#[track_caller]
fn verdicts(claims: [&str; 3]) -> [Judged; 3] {
    let judged = claims.map(|claim| judged(&[claim]).remove(0));
    let found = judged.each_ref().map(|judged| judged.record.verdict.as_str());
    assert_eq!(found, ["confirmed", "refuted", "inconclusive"], "{judged:#?}");
    judged
}

#[test]
fn zero_of_a_squared_norm_and_of_a_smooth_estimand() {
    let bias = "kind = 'zero'\nestimand = 'mode-mass.bias2'\nwhere = { candidates = '' }\n";
    // The standard error of the squared bias is some 1e-5 at K = 1.
    let [confirmed, ..] = verdicts([
        &format!("{bias}absolute = 1e-3"),
        "kind = 'zero'\nestimand = 'mode-mass.variance'\nabsolute = 1e-3",
        &format!("{bias}absolute = 1e-9"),
    ]);
    assert_eq!(confirmed.record.margin, Some(1e-3));
    assert_eq!(confirmed.record.cells, 4);
    let variance = judged(&["kind = 'zero'\nestimand = 'mode-mass.variance'\nabsolute = 0.5"]).remove(0);
    assert_eq!(variance.record.verdict, "confirmed");
    assert_eq!(variance.record.statement, "mode-mass.variance is 0 within 0.5");
}

#[test]
fn monotone_along_responses() {
    let along =
        "kind = 'monotone'\nestimand = 'mode-mass.variance'\nalong = 'responses'\nwhere = { candidates = '' }\n";
    let [confirmed, refuted, _] = verdicts([
        &format!("{along}direction = 'decreasing'"),
        &format!("{along}direction = 'increasing'"),
        // Ratios to the law are all 1: no step goes anywhere.
        &format!("{}direction = 'decreasing'", along.replace("variance", "ratio")),
    ]);
    assert_eq!(confirmed.record.cells, 3);
    assert!(confirmed.record.estimate < Some(0.0) && confirmed.record.high < Some(0.0));
    assert_eq!(
        confirmed.record.statement,
        "mode-mass.variance falls at every step along responses where candidates = "
    );
    assert!(refuted.record.cell.contains(" against "), "{}", refuted.record.cell);
}

#[test]
fn ordering_of_an_arm_and_its_partner() {
    let one =
        "kind = 'ordering'\nestimand = 'mode-mass.variance'\nwhere = { responses = 1 }\nversus = { responses = 8 }\n";
    let [above, below, _] = verdicts([
        &format!("{one}direction = 'above'"),
        &format!("{one}direction = 'below'"),
        &format!("{}direction = 'above'", one.replace("variance", "ratio")),
    ]);
    assert!(above.record.low > Some(0.0) && below.record.low > Some(0.0));
    // By the law the ratio is (1 + 8)/(1 + 8/8) = 4.5.
    let [ratio, ..] = verdicts([
        &format!("{one}direction = 'above'\nfactor = 4"),
        &format!("{one}direction = 'above'\nfactor = 5.0"),
        &format!("{one}direction = 'below'\nfactor = 4.5"),
    ]);
    assert!(
        (ratio.record.estimate.expect("a ratio") - 4.5).abs() < 0.2,
        "{ratio:#?}"
    );
    assert_eq!(ratio.record.margin, Some(4.0));
    assert_eq!(
        ratio.record.statement,
        "mode-mass.variance is above 4 times that at responses = 8 where responses = 1"
    );
}

#[test]
fn optimum_along_responses() {
    let along = "kind = 'optimum'\nestimand = 'mode-mass.variance'\nalong = 'responses'\nwhere = { candidates = '' }\n";
    let [confirmed, refuted, _] = verdicts([
        &format!("{along}at = 8"),
        &format!("{along}at = 2"),
        // (1 + 8/4)/(1 + 8/8) = 1.5: whether K = 4 is within 50 % cannot be told.
        &format!("{along}at = 4.0\nwithin = 0.5"),
    ]);
    assert_eq!((confirmed.record.cells, confirmed.record.margin), (3, Some(0.02)));
    assert!(confirmed.record.high < Some(1.0), "{confirmed:#?}");
    // (1 + 8/2)/(1 + 8/8) = 2.5 times that of K = 8.
    assert!((refuted.record.estimate.expect("a ratio") - 2.5).abs() < 0.2);
    assert!(
        refuted.record.cell.ends_with("against responses = 8"),
        "{}",
        refuted.record.cell
    );
    assert_eq!(
        refuted.record.statement,
        "mode-mass.variance at responses = 2 is within 2% of the smallest along responses where candidates = "
    );
}

/// Two arms that are one design never differ: no order is claimed of them, and each is as good as the other.
#[test]
fn arms_without_a_difference_are_neither_below_nor_above() {
    let tied = "kind = 'ordering'\nestimand = 'mode-mass.variance'\nwhere = { responses = 4, candidates = 4 }\nversus = { candidates = '' }\n";
    for direction in ["below", "above"] {
        let judged = judged(&[&format!("{tied}direction = '{direction}'")]).remove(0);
        assert_eq!(judged.record.verdict, "inconclusive");
        assert_eq!(
            judged.unjudged.expect("a reason").to_string(),
            "the two arms never differ, so there is no order to see"
        );
    }
    let near = judged(&[&format!("{tied}direction = 'below'\nfactor = 1.01")]).remove(0);
    assert_eq!(near.record.verdict, "confirmed");
    assert_eq!(
        (near.record.estimate, near.record.low, near.record.high),
        (Some(1.0), Some(1.0), Some(1.0))
    );
}

/// Holm over the claims of a file and the expectation of controls hold for pairs as for rows.
#[test]
fn a_control_over_pairs_is_refuted_as_expected() {
    let along = "estimand = 'mode-mass.variance'\nalong = 'responses'\nwhere = { candidates = '' }\n";
    let judged = judged(&[
        &format!("kind = 'optimum'\n{along}at = 8\nwith-exact = true"),
        &format!("kind = 'optimum'\n{along}at = 1\nexpect = 'refuted'"),
        &format!("kind = 'monotone'\n{along}direction = 'increasing'\nexpect = 'refuted'"),
    ]);
    assert!(judged.iter().all(|judged| judged.record.as_expected()), "{judged:#?}");
}

/// Pairing matters: prefixes of the same pools make the error of a difference of neighbours smaller than that of independent arms.
#[test]
fn the_paired_error_is_well_below_the_unpaired_one_on_common_draws() {
    let claim = "[[claims]]\nkind = 'ordering'\nestimand = 'mode-mass.emse'\nwhere = { responses = 9 }\nversus = { responses = 8 }\ndirection = 'below'\n";
    let (experiment, groups) = run(&format!("{BASE}{claim}").replace("{ responses = 1 }", "{ responses = 9 }"));
    let ClaimCell::Pair(a, b) = experiment.claims[0].cells[0] else {
        panic!("a pair");
    };
    let functional = |row| {
        experiment
            .estimand(row)
            .functional
            .compared()
            .expect("a smooth functional")
    };
    let (a, b) = (functional(a), functional(b));
    let paired = Paired::of(&groups[0], &a, &b, Contrast::Difference).estimate.mcse;
    let alone = [jackknife(&groups[0], &a).mcse, jackknife(&groups[0], &b).mcse];
    let unpaired = (alone[0] * alone[0] + alone[1] * alone[1]).sqrt();
    println!("paired {paired:e}, unpaired {unpaired:e}");
    assert!(paired < 0.4 * unpaired, "{paired} {unpaired}");
}

/// A mode of probability 1e-9 is in no response of the run: its estimated mass is 0 without a standard error. Of 4,096 replicates
/// that shows that it is below 1e-3 and no more; its variance may be anything.
#[test]
fn what_was_never_seen_is_no_proof() {
    let claim = |quantity: &str, at: u32, bound: &str| {
        format!(
            "[[claims]]\nkind = 'at-most'\nestimand = 'mode-mass-by-mode.{quantity}'\nwhere = {{ at = {at}, responses = 1 }}\n\
             bound = {bound}\n"
        )
    };
    let claims = [
        claim("mean", 2, "1e-8"),
        claim("mean", 2, "1e-10"),
        claim("mean", 2, "1e-2"),
        claim("variance", 2, "1e-2"),
        claim("variance", 1, "0.5"),
        claim("mean", 1, "1e-2"),
    ];
    let file = BASE
        .replace("\"mode-mass\"", "\"mode-mass-by-mode\"")
        .replace("modes = 4, base = [4, 3, 2, 1]", "base = [0.6, 0.4, 1e-9]");
    let (experiment, groups) = run(&format!("{file}{}", claims.concat()));
    let judged = judge(&experiment, &groups);
    let verdicts: Vec<&str> = judged.iter().map(|judged| judged.record.verdict.as_str()).collect();
    let unproved = "inconclusive";
    assert_eq!(
        verdicts,
        [unproved, unproved, "confirmed", unproved, "confirmed", "refuted"],
        "{judged:#?}"
    );
    let why = judged[3].unjudged.expect("a reason").to_string();
    assert!(why.starts_with("it never varied"), "{why}");
}

/// What is inconclusive says what would settle it, on the side on which the estimate lies, and so many replicates do.
#[test]
fn an_undecided_claim_says_how_many_replicates_would_settle_it() {
    let about = "estimand = 'mode-mass.variance'\nwhere = { responses = 1 }\n";
    let judged = |claim: &str, replicates: u64| {
        let text = format!("{BASE}[[claims]]\n{about}{claim}\n").replace("4_096", &replicates.to_string());
        let (experiment, groups) = run(&text);
        judge(&experiment, &groups).remove(0).record
    };
    let few = judged("kind = 'agrees'\nmargin = 0.5", 640);
    assert_eq!((few.verdict.as_str(), few.note.as_str()), ("confirmed", ""));
    let (ratio, exact) = (few.estimate.expect("a ratio"), few.target.expect("an exact value"));
    // Half a per cent off the estimate, on either side of it: some ten times its distance is its error.
    for (bound, way) in [(1.005 * ratio * exact, "confirm"), (0.995 * ratio * exact, "refute")] {
        let claim = format!("kind = 'at-most'\nbound = {bound}");
        let few = judged(&claim, 640);
        assert_eq!(few.verdict, "inconclusive", "{few:#?}");
        let (needed, rest) = few
            .note
            .strip_prefix("about ")
            .and_then(|note| note.split_once(' '))
            .expect("a note");
        assert!(
            rest.starts_with(&format!("replicates would {way} it at this margin")),
            "{rest}"
        );
        let needed: f64 = needed.parse().expect("a number");
        // By hand: an error of the variance is some (high - low)/2/1.67, and it must fall to 0.005/1.67 of the value.
        let error = (few.high.expect("an end") - few.low.expect("an end")) / 2.0 / (0.005 * ratio * exact);
        let by_hand = 640.0 * error * error;
        assert!((needed / by_hand - 1.0).abs() < 0.15, "{needed} {by_hand}");
    }
}

/// One margin for shares of which some are near 0: 0.001 and 2% of the target.
#[test]
fn a_margin_beside_an_absolute_part_grows_with_the_target() {
    let claim = "[[claims]]\nkind = 'agrees'\nestimand = 'mode-mass-by-mode.mean'\nmargin = 0.1\nabsolute = 0.001\n";
    let file = BASE.replace("\"mode-mass\"", "\"mode-mass-by-mode\"");
    let (experiment, groups) = run(&format!("{file}{claim}"));
    let record = judge(&experiment, &groups).remove(0).record;
    assert_eq!((record.verdict.as_str(), record.scale.as_str()), ("confirmed", "value"));
    let target = record.target.expect("an exact share");
    assert!(
        [0.4, 0.3, 0.2, 0.1].iter().any(|share| (target - share).abs() < 1e-12),
        "{target}"
    );
    assert_eq!(record.margin, Some(rounded(0.001 + 0.1 * target, 6)));
    assert_eq!(
        record.statement,
        "mode-mass-by-mode.mean equals its exact value within 0.001 and 10% of it"
    );
}

/// A p-value is never 0: beyond what can be told it is less than 1e-300, and where no test was made there is none.
#[test]
fn certain_verdicts_have_no_p_value() {
    let at_least = |estimand: &str, bound: f64| format!("kind = 'at-least'\nestimand = '{estimand}'\nbound = {bound}");
    let squared = judged(&[&at_least("mode-mass.bias2", -1.0)]).remove(0).record;
    assert_eq!(
        (squared.verdict.as_str(), squared.p, squared.p_adjusted),
        ("confirmed", None, None)
    );
    assert!(squared.note.starts_with("certain: "), "{}", squared.note);
    // The same of what may have either sign needs a test, whose p-value is too small to tell.
    let variance = judged(&[&at_least("mode-mass.variance", -1.0)]).remove(0).record;
    assert_eq!((variance.verdict.as_str(), variance.note.as_str()), ("confirmed", ""));
    assert!(variance.p.is_some(), "{variance:#?}");
}
