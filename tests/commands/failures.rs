//! Arms that fail (law 8): whoever reads `claims.csv`, the page or the terminal learns how many replicates are left out, that
//! compared arms lost different ones, and that a claim is not judged where they are many.

use super::Folder;

/// Each step of the second arm multiplies logits by about -1e6, so that it overflows but where its two responses are of
/// two modes. The third arm has the second's settings and more prompts.
const DIVERGING: &str = r#"title = "One arm overflows"
study = "training"
seed = 3
measures = ["total-variation"]

[world]
kind = "dirichlet"
modes = 2
concentration = 5.0

[training]
steps = 200
tolerance = 0

[arms]
responses = 2
points = [
  { prompts = 1, "training.rate" = 0.5, "training.ridge" = 0.1 },
  { prompts = 1, "training.rate" = 1e3, "training.ridge" = 1e3 },
  { prompts = 2, "training.rate" = 0.5, "training.ridge" = 0.1 },
]

[run]
replicates = 1280
failures = 1

[[claims]]
kind = "ordering"
name = "uneven"
attrition = "the test wants a verdict"
estimand = "total-variation.mean"
where = { rate = 1000 }
versus = { rate = 0.5, ridge = 0.1 }
direction = "below"

[[claims]]
kind = "ordering"
name = "even"
estimand = "total-variation.mean"
where = { prompts = 2 }
versus = { prompts = 1 }
direction = "below"

[[claims]]
kind = "at-most"
name = "alone"
estimand = "total-variation.mean"
where = { prompts = 2 }
bound = 0.5
"#;

fn folder(text: &str) -> Folder {
    let folder = Folder::empty();
    folder.write("x.toml", text);
    folder
}

/// `failed` of the second arm in `estimates.csv`.
fn failed(folder: &Folder) -> u64 {
    let estimates = folder.text("results/x/estimates.csv");
    let column = estimates
        .lines()
        .next()
        .unwrap()
        .split(',')
        .position(|name| name == "failed");
    // Each arm has a row of its measure and one of fits that have not converged.
    let row = estimates.lines().nth(3).unwrap();
    row.split(',').nth(column.unwrap()).unwrap().parse().unwrap()
}

#[test]
fn a_pair_whose_arms_lost_different_replicates_is_flagged_wherever_its_verdict_is_read() {
    let folder = folder(DIVERGING);
    let done = folder.run(&["run", "x.toml"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let told = "x: arm 1 (prompts = 1, rate = 1000, ridge = 1000) of scenario 0 failed in ";
    assert!(done.err.starts_with(told), "{}", done.err);
    let said = done.out;
    let failed = failed(&folder);
    assert!((1..1280).contains(&failed), "{failed}");
    let flag = format!(
        "arms lost different replicates of 1280: prompts = 1, rate = 1000, ridge = 1000 lost {failed}, \
         prompts = 1, rate = 0.5, ridge = 0.1 lost 0"
    );
    assert!(said.contains(&format!("\nuneven: flagged: {flag}\n")), "{said}");
    assert_eq!(said.matches("(flagged)").count(), 1, "{said}");
    let claims = folder.text("results/x/claims.csv");
    let rows: Vec<&str> = claims.lines().collect();
    assert!(rows[0].ends_with(",statement,note,flag"), "{claims}");
    assert!(
        rows[1].starts_with("uneven,") && rows[1].ends_with(&format!(",\"{flag}\"")),
        "{claims}"
    );
    // Neither a pair of arms without failures nor a claim about single arms is flagged.
    assert!(rows[2].starts_with("even,") && rows[2].ends_with(','), "{claims}");
    assert!(rows[3].starts_with("alone,") && rows[3].ends_with(','), "{claims}");
    let page = folder.text("results/x/README.md");
    assert!(
        page.contains(&format!(
            "(**flagged**: {flag}) (judged whatever failed, because the test wants a verdict) |"
        )),
        "{page}"
    );
    assert_eq!(page.matches("**flagged**").count(), 1, "{page}");
    // Again from stored claims alone, and into a page of all results.
    std::fs::remove_dir_all(folder.path("results/x/journal")).unwrap();
    folder.write(
        "all.md",
        "<!-- claims: generated, do not edit -->\n<!-- end of claims -->\n",
    );
    let again = folder.succeeds(&["report", "results", "--readme", "all.md"]);
    assert!(again.contains("uneven: flagged: arms lost"), "{again}");
    assert_eq!(folder.text("results/x/claims.csv"), claims);
    assert!(folder.text("all.md").contains(&flag));
}

/// The control: the second arm converges, nothing fails, and the file has the columns that it always had.
#[test]
fn nothing_is_flagged_where_nothing_failed() {
    let folder = folder(&DIVERGING.replace("1e3", "0.25").replace("rate = 1000", "rate = 0.25"));
    // A tolerance of 0 is never reached, which is told.
    let said = folder.run(&["run", "x.toml"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let said = format!("{}{}", said.out, said.err);
    assert_eq!(failed(&folder), 0);
    let claims = folder.text("results/x/claims.csv");
    assert!(claims.lines().next().unwrap().ends_with(",statement,note"), "{claims}");
    let page = folder.text("results/x/README.md");
    assert!(!format!("{said}{claims}{page}").contains("flag") && !page.contains("Failed replicates"));
}

/// Nearly all fits diverge, and those that do not are those that the claim is easiest for: 'at most .2' was confirmed, where the
/// share of fits that miss a mode is .656.
const ATTRITION: &str = r#"title = "Nearly all fits diverge"
study = "training"
seed = 3
measures = ["missing-mode"]
world = { kind = "dirichlet", modes = 4, base = { geometric = 0.638 }, concentration = 4.0 }
training = { rate = 3.0, steps = 400, ridge = 5.0, tolerance = 1e-9 }
arms = { selector = "random", prompts = 4, responses = 2 }
run = { replicates = 4_000, failures = 1.0 }
[[claims]]
kind = "at-most"
name = "few"
estimand = "missing-mode.mean"
bound = 0.2
"#;

#[test]
fn a_claim_on_what_few_failures_left_is_not_judged_unless_the_file_says_why() {
    let folder = folder(ATTRITION);
    let said = folder.run(&["run", "x.toml"]).out;
    let (claims, page) = (folder.text("results/x/claims.csv"), folder.text("results/x/README.md"));
    let lost = "replicates that failed are left out, of 4000: the only arm lost 39";
    for text in [&said, &claims, &page] {
        assert!(text.contains("not judged: more replicates of it failed"), "{text}");
        assert!(text.contains(lost), "{text}");
    }
    assert!(
        said.contains("NOT JUDGED (!) (flagged)") && page.contains("NOT JUDGED"),
        "{said}"
    );
    assert!(
        claims.contains("\nfew,at-most,inconclusive,confirmed,1,0,the only arm,value,0.2,,,,0.2,0.05,,,"),
        "{claims}"
    );
    assert!(
        page.contains("**Failed replicates**, of 4000, are left out of every number of their arm: the only arm in 39")
    );
    // Degrees of freedom are those of the groups that have any valid replicate, and not 124.
    let estimates = folder.text("results/x/estimates.csv");
    let place = |name| {
        estimates
            .lines()
            .next()
            .unwrap()
            .split(',')
            .position(|own| own == name)
            .unwrap()
    };
    let value = |name| {
        estimates
            .lines()
            .nth(1)
            .unwrap()
            .split(',')
            .nth(place(name))
            .unwrap()
            .parse::<f64>()
            .unwrap()
    };
    let kept = 4000.0 - value("failed");
    assert!((2.0..200.0).contains(&kept) && value("df") < kept, "{estimates}");
    // With a reason it is judged, and the reason stands beside the verdict.
    folder.write(
        "y.toml",
        ATTRITION.replace("bound = 0.2", "bound = 0.2\nattrition = \"so the test wants\""),
    );
    let said = folder.run(&["run", "y.toml"]).out;
    assert!(!said.contains("NOT JUDGED") && said.contains("few: "), "{said}");
    assert!(
        said.contains("judged whatever failed, because so the test wants"),
        "{said}"
    );
}

/// A best K is a function of all arms of its budget: a claim about it alone is one over arms that fail differently.
#[test]
fn a_best_number_of_responses_over_arms_that_lost_different_replicates_is_flagged() {
    let text = r#"title = "A budget of which one arm overflows"
study = "training"
seed = 3
measures = ["excess-nll"]
world = { kind = "dirichlet", modes = 2, concentration = 4.0 }
budget = { total = 60, prompt-cost = 1.0, response-cost = 1.0 }
training = { steps = 200 }
arms.points = [
  { responses = 1, "training.rate" = 1.0 },
  { responses = 2, "training.rate" = 1.0 },
  { responses = 3, "training.rate" = 1.0 },
  { responses = 4, "training.rate" = 1e3, "training.ridge" = 1e3 },
]
run = { replicates = 1280, failures = 1 }
[[claims]]
kind = "at-most"
name = "best"
attrition = "the test wants a verdict"
estimand = "excess-nll.three-term"
bound = 1000
"#;
    let folder = folder(text);
    folder.succeeds(&["run", "x.toml", "-q"]);
    let claims = folder.text("results/x/claims.csv");
    let row = claims.lines().nth(1).unwrap();
    assert!(
        row.contains("\"arms lost different replicates of 1280: responses = 4"),
        "{claims}"
    );
    assert!(row.ends_with(", the others lost 0\""), "{claims}");
    assert!(row.contains("because the test wants a verdict"), "{claims}");
}

/// A best K is a function of the arms in its window: what fails outside of it is no loss of its own.
#[test]
fn a_best_number_of_responses_loses_what_its_own_arms_lost_and_nothing_else() {
    let base = r#"title = "A budget of which one arm overflows"
study = "training"
seed = 3
measures = ["excess-nll"]
world = { kind = "dirichlet", modes = 2, concentration = 4.0 }
budget = { total = 60, prompt-cost = 1.0, response-cost = 1.0 }
training = { steps = 200 }
arms.points = [
  { responses = 1, "training.rate" = 1.0 },
  { responses = 2, "training.rate" = 1.0 },
  { responses = 3, "training.rate" = 1.0 },
  { responses = 4, "training.rate" = 1.0, "training.ridge" = 0.0 },
  { responses = 16, "training.rate" = 1.0, "training.ridge" = 0.0 },
]
run = { replicates = 1280, failures = 1 }
[[claims]]
kind = "at-most"
name = "best"
estimand = "excess-nll.vertex"
bound = 1000
unconverged-at-most = 1
"#;
    let sound = r#""training.rate" = 1.0, "training.ridge" = 0.0"#;
    let diverging = r#""training.rate" = 1e3, "training.ridge" = 1e3"#;
    for (responses, own) in [(16, false), (4, true)] {
        let arm = |settings| format!("{{ responses = {responses}, {settings} }}");
        let folder = folder(&base.replace(&arm(sound), &arm(diverging)));
        folder.succeeds(&["run", "x.toml", "-q"]);
        let estimates = folder.text("results/x/estimates.csv");
        let header = estimates.lines().next().unwrap();
        let failed = header.split(',').position(|name| name == "failed").unwrap();
        let of = |name: &str, responses: &str| {
            let rows = estimates.lines().map(|line| line.split(',').collect::<Vec<&str>>());
            let mut own = rows.filter(|row| row[1] == responses && row.contains(&name));
            own.next().map(|row| row[failed].parse::<u64>().unwrap()).unwrap()
        };
        let lost = of("excess-nll.mean", &responses.to_string());
        assert!(lost > 640, "{estimates}");
        assert_eq!(of("excess-nll.vertex", ""), if own { lost } else { 0 }, "{estimates}");
        let claims = folder.text("results/x/claims.csv");
        assert_eq!(claims.contains("lost different replicates"), own, "{claims}");
        assert_eq!(claims.contains("more replicates of it failed"), own, "{claims}");
        assert_eq!(claims.contains("\nbest,at-most,confirmed,"), !own, "{claims}");
    }
}

/// Fits in strides that never come to rest: their number is told on the terminal and on the page, whatever is measured, again
/// from stored records, and no claim on them is judged.
#[test]
fn fits_that_had_not_converged_are_told_whatever_is_measured() {
    let text = r#"title = "Strides"
study = "training"
seed = 3
measures = ["excess-nll"]
world = { kind = "dirichlet", modes = 4, base = [4, 3, 2, 1], concentration = 4.0 }
training = { steps = 1000 }
arms = { prompts = 50, responses = 4, grid = { "training.rate" = [1.0, 1000.0] } }
run.replicates = 1280
[[claims]]
kind = "agrees"
name = "exact"
estimand = "excess-nll.complete"
where = { rate = 1000 }
margin = 0.5
"#;
    for measure in ["excess-nll", "entropy"] {
        let text = text.replace("[\"excess-nll\"]", &format!("[{measure:?}]"));
        let text = match measure {
            "entropy" => &text[..text.find("[[claims]]").unwrap()],
            _ => &text,
        };
        let folder = folder(text);
        let done = folder.run(&["run", "x.toml"]);
        assert_eq!(done.code, Some(0), "{done:?}");
        let told = "scenario 0, rate = 1000: ";
        let words = "fits that have an optimum had not converged after the last step";
        let line = done.err.lines().find(|line| line.contains(told)).unwrap_or("");
        assert!(line.starts_with("x: ") && line.ends_with(words), "{done:?}");
        // All but the fits that miss a mode.
        let count: f64 = line
            .split(told)
            .nth(1)
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!(count > 1200.0 && line.contains(" of 1280 "), "{line}");
        assert!(
            !done.err.contains("rate = 1:"),
            "the fits at rate 1 had converged: {done:?}"
        );
        assert!(done.err.contains("x: what to do: raise training.steps"), "{done:?}");
        let page = folder.text("results/x/README.md");
        assert!(
            page.contains("## Beside the numbers\n\n- scenario 0, rate = 1000: "),
            "{page}"
        );
        if measure == "excess-nll" {
            let verdict = "exact: not judged: more of the fits that have an optimum than";
            assert!(done.out.contains(verdict), "{}", done.out);
        }
        std::fs::remove_dir_all(folder.path("results/x/journal")).unwrap();
        folder.succeeds(&["report", "results"]);
        assert_eq!(folder.text("results/x/README.md"), page);
        assert_eq!(folder.run(&["run", "x.toml", "-q"]).err, "");
    }
}

/// What a conditional estimand leaves out stands in its own column and, where it is more than 1%, on the page.
#[test]
fn fits_that_are_left_out_are_told_and_are_no_failures() {
    let text = r#"title = "Few prompts"
study = "training"
seed = 3
measures = ["excess-nll"]
world = { kind = "dirichlet", modes = 4, base = [4, 3, 2, 1], concentration = 4.0 }
arms.grid = { prompts = [12, 200], responses = [2] }
training.steps = 300
run.replicates = 1280
"#;
    let folder = folder(text);
    folder.run(&["run", "x.toml"]);
    let estimates = folder.text("results/x/estimates.csv");
    let mut rows = estimates.lines().map(|line| line.split(',').collect::<Vec<&str>>());
    let header = rows.next().unwrap();
    let column = |name: &str| header.iter().position(|own| *own == name).unwrap();
    let complete: Vec<Vec<&str>> = rows.filter(|row| row.contains(&"excess-nll.complete")).collect();
    let number = |row: &[&str], name: &str| row[column(name)].parse::<u64>().unwrap();
    let left_out = number(&complete[0], "left_out");
    assert!((128..512).contains(&left_out), "{left_out}");
    assert_eq!(number(&complete[0], "replicates") + left_out, 1280);
    assert_eq!(
        (number(&complete[0], "failed"), number(&complete[1], "left_out")),
        (0, 0)
    );
    let page = folder.text("results/x/README.md");
    let share = (1000.0 * left_out as f64 / 1280.0).round() / 10.0;
    let line = format!(
        "- excess-nll.complete leaves out fits that miss a mode: more than 1% of all in 1 row, at most {share}% (scenario 0, \
         prompts = 12, responses = 2); leaving them out flatters small K"
    );
    assert!(page.contains(&line), "{page}");
}
