//! Right files: what sweeps and arms expand to, how columns are named, what `--set` does.

use super::{BASE, read, replaced, right};
use mode_lottery::experiment::Experiment;
use mode_lottery::select::{Balance, CoverageTies, RewardScale, Similarity};
use mode_lottery::study::pools::PoolArm;
use mode_lottery::study::selection::{Selection, Theta};

const START: &str = "title = \"t\"\nstudy = \"selection\"\nseed = 1\nmeasures = [\"mode-mass\"]\nrun.replicates = 32\n\
    [world]\nkind = \"dirichlet\"\nmodes = 3\nconcentration = 2.0\n";

/// The names of the columns, and the cells of each arm of each scenario.
fn expansion(experiment: &Experiment) -> (Vec<&str>, Vec<String>) {
    let names = experiment.columns.iter().map(|column| column.name.as_str()).collect();
    let rows = experiment.scenarios.iter().enumerate().flat_map(|(index, scenario)| {
        scenario.cells.iter().map(move |cells| {
            let texts: Vec<&str> = cells.iter().map(|cell| cell.text.as_str()).collect();
            format!("{index}: {}", texts.join(" | "))
        })
    });
    (names, rows.collect())
}

#[test]
fn grids_vary_their_last_key_fastest_in_the_order_of_the_file() {
    let text = format!("{START}[arms.grid]\nresponses = [2, 1]\nprompts = [8, 4, 16]\n");
    let experiment = right(&text, &[]);
    let (names, rows) = expansion(&experiment);
    assert_eq!(names, ["responses", "prompts"]);
    assert_eq!(
        rows,
        ["0: 2 | 8", "0: 2 | 4", "0: 2 | 16", "0: 1 | 8", "0: 1 | 4", "0: 1 | 16"]
    );
}

#[test]
fn grid_zip_points_and_exclude_work_together_in_sweep_and_arms() {
    let text = format!(
        "{START}[sweep]\ngrid = {{ \"world.concentration\" = [1.0, 4.0] }}\n\
         zip = {{ seed = [7, 8], \"world.modes\" = [2, 3] }}\n\
         points = [{{ seed = 9 }}, {{ \"world.modes\" = 5, seed = 9 }}]\n\
         exclude = [{{ seed = 8, concentration = 4 }}]\n\
         [arms]\nselector = \"random\"\ngrid = {{ prompts = [4, 8] }}\n\
         zip = {{ responses = [1, 2, 4], candidates = [2, 4, 4] }}\n\
         points = [{{ prompts = 2, responses = 1 }}]\n\
         exclude = [{{ prompts = 8, responses = [1, 4] }}]\n"
    );
    let experiment = right(&text, &[]);
    let (names, rows) = expansion(&experiment);
    assert_eq!(
        names,
        ["concentration", "seed", "modes", "prompts", "responses", "candidates"]
    );
    let scenarios = ["1 | 7 | 2", "1 | 8 | 3", "4 | 7 | 2", "2 | 9 | 3", "2 | 9 | 5"];
    let arms = ["4 | 1 | 2", "4 | 2 | 4", "4 | 4 | 4", "8 | 2 | 4", "2 | 1 | "];
    let expected: Vec<String> = scenarios
        .iter()
        .enumerate()
        .flat_map(|(index, scenario)| arms.iter().map(move |arm| format!("{index}: {scenario} | {arm}")))
        .collect();
    assert_eq!(rows, expected);
    let arms = experiment.scenarios[3]
        .study
        .downcast_ref::<Selection>()
        .unwrap()
        .arms();
    assert_eq!(arms[4].pool, PoolArm::all(2, 1));
    let candidates = Some(4);
    assert_eq!(
        arms[3].pool,
        PoolArm {
            candidates,
            ..PoolArm::all(8, 2)
        }
    );
    assert_eq!(
        experiment.scenarios[3].study.world().unwrap().mean().len(),
        3,
        "the file's modes"
    );
    assert_eq!(experiment.scenarios[4].study.world().unwrap().mean().len(), 5);
}

#[test]
fn without_sweep_and_lists_there_is_one_scenario_of_one_arm() {
    let experiment = right(&format!("{START}[arms]\nprompts = 4\nresponses = 2\n"), &[]);
    assert_eq!(expansion(&experiment), (vec![], vec!["0: ".to_owned()]));
    let row = experiment.rows().next().unwrap();
    assert_eq!(experiment.describe(row), "the only arm");
}

#[test]
fn a_method_key_may_be_swept_and_a_whole_table_may_be_a_value() {
    let text = format!(
        "{START}[arms]\nresponses = 2\n[sweep]\npoints = [\n  {{ prompts = 4, \"world.base\" = {{ geometric = 0.5 }} }},\n  \
         {{ prompts = 8, \"world.base\" = [1, 2, 1], \"policy.theta\" = [0, 1, 0] }},\n]\n"
    );
    let experiment = right(&text, &[]);
    let (names, rows) = expansion(&experiment);
    assert_eq!(names, ["prompts", "base", "theta"]);
    assert_eq!(rows, ["0: 4 | { geometric = 0.5 } | ", "1: 8 | [1, 2, 1] | [0, 1, 0]"]);
    let theta = |index: usize| {
        &experiment.scenarios[index]
            .study
            .downcast_ref::<Selection>()
            .unwrap()
            .arms()[0]
            .theta
    };
    assert_eq!(
        (theta(0), theta(1)),
        (&Theta::Uniform, &Theta::Logits(vec![0.0, 1.0, 0.0]))
    );
    assert_eq!(experiment.scenarios[1].study.world().unwrap().mean(), [0.25, 0.5, 0.25]);
}

#[test]
fn dotted_keys_headers_and_inline_tables_say_the_same() {
    let dotted = "title = \"t\"\nstudy = \"selection\"\nseed = 1\nmeasures = [\"mode-mass\"]\nrun.replicates = 32\n\
        world.kind = \"dirichlet\"\nworld.modes = 3\nworld.concentration = 2.0\narms.responses = 2\narms.grid.prompts = [4, 8]\n";
    let inline = "title = \"t\"\nstudy = \"selection\"\nseed = 1\nmeasures = [\"mode-mass\"]\nrun = { replicates = 32 }\n\
        world = { kind = \"dirichlet\", modes = 3, concentration = 2.0 }\narms = { responses = 2, grid = { prompts = [4, 8] } }\n";
    let headers = format!("{START}[arms]\nresponses = 2\n[arms.grid]\n\"prompts\" = [\n  4, # four\n  8,\n]\n");
    let keys = |text: &str| works(&right(text, &[]));
    assert_eq!(keys(dotted), keys(inline));
    assert_eq!(keys(dotted), keys(&headers));
    let windows = format!("\u{feff}{}", headers.replace('\n', "\r\n"));
    assert_eq!(keys(dotted), keys(&windows));
}

/// The work keys, which hold everything that a run depends on but its length.
fn works(experiment: &Experiment) -> Vec<String> {
    let scenarios = experiment.scenarios.iter();
    scenarios.map(|one| one.study.spec().work.text().to_owned()).collect()
}

/// Each argument gives the experiment that the file with that value would be.
#[test]
fn set_overrides_each_kind_of_key_as_an_edit_would() {
    let edits = [
        ("seed=5", "seed = 1", "seed = 5"),
        (
            "measures=['loss']",
            "measures = [\"mode-mass\", \"loss\"]",
            "measures = [\"loss\"]",
        ),
        ("world.modes=6", "modes = 4", "modes = 6"),
        (
            "world.base.geometric=0.25",
            "{ geometric = 0.5 }",
            "{ geometric = 0.25 }",
        ),
        ("world.base=[1, 2, 3, 5]", "{ geometric = 0.5 }", "[1, 2, 3, 5]"),
        (
            "policy.theta=[1, 2, 3, 4]",
            "theta = \"optimum\"",
            "theta = [1, 2, 3, 4]",
        ),
        (
            "candidates=16",
            "selector = \"random\"",
            "selector = \"random\"\ncandidates = 16",
        ),
        (
            "arms.candidates = 16",
            "selector = \"random\"",
            "selector = \"random\"\ncandidates = 16",
        ),
        ("arms.grid.prompts=[2]", "prompts = [4, 8]", "prompts = [2]"),
        (
            "arms.exclude=[{prompts=8, responses=2}]",
            "selector = \"random\"",
            "exclude = [{prompts=8, responses=2}]",
        ),
        ("responses=1,4", "responses = [1, 2]", "responses = [1, 4]"),
        (
            "candidates=2, 8",
            "grid = { prompts = [4, 8], responses = [1, 2] }",
            "grid = { prompts = [4, 8], responses = [1, 2], candidates = [2, 8] }",
        ),
        ("world.concentration=3,5", "[2.0, 8.0]", "[3, 5]"),
        ("arms.grid.prompts=4,16", "prompts = [4, 8]", "prompts = [4, 16]"),
        ("world.base=1,2,3,5", "{ geometric = 0.5 }", "[1, 2, 3, 5]"),
        ("policy.theta=1,2,3,4", "theta = \"optimum\"", "theta = [1, 2, 3, 4]"),
        (
            "measures=loss,mode-mass",
            "[\"mode-mass\", \"loss\"]",
            "[\"loss\", \"mode-mass\"]",
        ),
        ("sweep.grid.\"world.concentration\"=[3]", "[2.0, 8.0]", "[3]"),
        ("sweep . grid . 'world.concentration' = [3]", "[2.0, 8.0]", "[3]"),
        ("sweep={}", "grid = { \"world.concentration\" = [2.0, 8.0] }", ""),
    ];
    // Claims and figures speak of columns and estimands that some of these take away.
    let plain = &BASE[..BASE.find("[[claims]]").unwrap()];
    for (set, find, with) in edits {
        let edited = right(&replaced(plain, find, with), &[]);
        assert_eq!(works(&right(plain, &[set])), works(&edited), "{set}");
        assert_ne!(works(&edited), works(&right(plain, &[])), "{set} changes nothing");
    }
}

#[test]
fn set_overrides_what_no_key_depends_on() {
    let experiment = right(
        BASE,
        &[
            "title=\"Other words\"",
            "run.replicates=99",
            "about='why'",
            "seed=2",
            "seed=3",
        ],
    );
    assert_eq!(experiment.title, "Other words");
    assert_eq!((experiment.most_replicates(), experiment.about.as_str()), (99, "why"));
    assert!(works(&experiment)[0].contains("seed 3\n"), "the last one counts");
    assert_eq!(experiment.sets.len(), 5);
    let bare = right(BASE, &["title=word", "claims=[]", "figures=[]"]);
    assert_eq!(
        (bare.title.as_str(), bare.claims.len(), bare.figures.len()),
        ("word", 0, 0)
    );
}

/// A value that the sweep gives to some scenarios only stands in the others, and is shown there.
#[test]
fn a_swept_key_that_a_point_leaves_out_has_the_files_value() {
    let text = format!(
        "{START}[arms]\nprompts = 4\nresponses = 2\n[sweep]\npoints = [{{ seed = 2 }}, {{ \"world.modes\" = 7 }}]\n"
    );
    let (names, rows) = {
        let experiment = right(&text, &["world.modes=5"]);
        let (names, rows) = expansion(&experiment);
        (names.join(" "), rows)
    };
    assert_eq!(names, "seed modes");
    assert_eq!(rows, ["0: 2 | 5", "1: 1 | 7"]);
}

#[test]
fn the_most_points_are_taken_and_one_more_is_not() {
    let list = |n: usize| (1..=n).map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
    let text = |responses: usize| {
        format!(
            "{START}[arms.grid]\nprompts = [{}]\nresponses = [{}]\n",
            list(100),
            list(responses)
        )
    };
    assert_eq!(right(&text(1000), &[]).scenarios[0].cells.len(), 100_000);
    let refused = read(&text(1001), &[]).unwrap_err();
    assert_eq!(
        refused,
        "x.toml:12:1: responses: 100100 points up to here; at most 100000 are taken"
    );
}

/// The names of files are those of work keys and of the command line: they live in two places, one of them a plain struct.
#[test]
fn scales_balances_and_similarities_are_read_by_their_names() {
    let start = START.replace("dirichlet", "embedded");
    let work = |selector: &str, objective: &str| {
        let arms = format!("[arms]\nselector = {selector:?}\nprompts = 1\nresponses = 1\ncandidates = 4");
        let experiment = right(&format!("{start}{arms}\n[objective]\n{objective}\n"), &[]);
        let spec = experiment.scenarios[0].study.spec();
        (spec.draws.text().to_owned(), spec.work.text().to_owned())
    };
    // Ties are heeded by weighted selectors alone, whose draws they do not move.
    for ties in CoverageTies::ALL {
        let given = format!("ties = {:?}", ties.name());
        for selector in ["diverse-weighted", "diverse-best-weighted"] {
            assert!(work(selector, &given).1.contains(&format!(" ties {} ", ties.name())));
            assert_eq!(
                work(selector, &given) == work(selector, ""),
                ties == CoverageTies::Split
            );
            assert_eq!(work(selector, &given).0, work(selector, "").0);
        }
        assert_eq!(work("diverse-best", &given), work("diverse-best", ""));
    }
    let read = |key: &str, value: &str, name: String| {
        let arms = "[arms]\nselector = \"diverse-best\"\nprompts = 1\nresponses = 1\ncandidates = 4";
        let text = format!("{start}{arms}\n[objective]\n{key} = {value}\n");
        let experiment = right(&text, &[]);
        let study = &experiment.scenarios[0].study;
        let work = study.spec().work.text();
        assert!(
            work.contains(&format!("{} {name}", key.trim_start_matches("reward-"))),
            "{work}"
        );
        study.downcast_ref::<Selection>().unwrap().arms()[0].pool.choice
    };
    for scale in RewardScale::ALL {
        let choice = read("reward-scale", &format!("{:?}", scale.name()), scale.name().to_owned());
        assert_eq!(choice.rule.objective.rewards, scale);
    }
    for balance in Balance::ALL {
        let choice = read("balance", &format!("{:?}", balance.name()), balance.name().to_owned());
        assert_eq!(choice.rule.objective.balance, balance);
    }
    for similarity in Similarity::KINDS {
        let value = match similarity {
            Similarity::Rbf { bandwidth } => format!("{{ {} = {bandwidth:?} }}", similarity.name()),
            _ => format!("{:?}", similarity.name()),
        };
        assert_eq!(
            read("similarity", &value, similarity.canonical()).similarity,
            similarity
        );
    }
}

/// Prompts that are all alike have no variance between them, but responses do: the loss of 4 prompts with 2 of them varies by
/// (E l^2 - (E l)^2)/8, here of logits 0, 1, 2 on equal modes, whose losses are 2, 1, 0 and a constant: (5/3 - 1)/8.
#[test]
fn a_loss_is_studied_on_prompts_that_are_all_alike() {
    let text = START
        .replace("dirichlet", "embedded")
        .replace("2.0", "inf")
        .replace("mode-mass", "loss")
        + "reward = \"aligned\"\n[policy]\ntheta = [0.0, 1.0, 2.0]\n[arms]\nprompts = 4\nresponses = 2\n";
    let experiment = right(&text, &[]);
    let spec = experiment.scenarios[0].study.spec();
    let exact = |name: &str| {
        let own = spec.estimands.iter().find(|estimand| estimand.name() == name).unwrap();
        own.exact.value().unwrap()
    };
    assert!(
        (exact("loss.variance") - 2.0 / 24.0).abs() < 1e-15,
        "{}",
        exact("loss.variance")
    );
    assert_eq!((exact("loss.prompt-floor"), exact("loss.bias2")), (0.0, 0.0));
    // A loss that is the same for every mode has none, there as elsewhere.
    let same = text.replace("[0.0, 1.0, 2.0]", "[1.0, 1.0, 1.0]");
    let said = read(&same, &[]).err().unwrap();
    assert!(said.contains("`loss` is the same for every mode"), "{said}");
}
