//! Figures of raw draws: the pool that a figure shows is part of the result, and all that its picture rests on.

use super::{Folder, names};

/// A small world with embeddings, and a picture of one of its pools.
const POOLS: &str = r#"title = "A pool"
study = "selection"
seed = 3
measures = ["mode-mass"]

[world]
kind = "embedded"
modes = 4
concentration = 8.0
reward-noise = 0.2
dimension = 6
embedding-noise = 0.2

[arms]
prompts = 4
candidates = 9
grid = { selector = ["random", "best", "diverse"], responses = [2, 3] }

[run]
replicates = 640

[[figures]]
kind = "pool"
name = "picture"
responses = 3
prompt = 2
replicate = 7

[[figures]]
kind = "bars"
name = "stacks"
x = "responses"
series = "selector"
y = ["mode-mass.bias2", "mode-mass.variance"]
total = "mode-mass.emse"
exact = true
"#;

fn result() -> Folder {
    let folder = Folder::empty();
    folder.write("x.toml", POOLS);
    folder.succeeds(&["run", "x.toml", "-q"]);
    folder
}

const STORED: &str = "results/x/draws/picture.csv";

#[test]
fn run_stores_the_pool_beside_the_estimates_and_names_it_in_the_manifest() {
    let folder = result();
    let files = folder.files("results/x");
    let expected = [
        "README.md",
        "claims.csv",
        "curves.csv",
        "draws/picture.csv",
        "estimates.csv",
        "journal/blocks.mlj",
        "journal/outputs.txt",
        "manifest.json",
        "picture.svg",
        "stacks.svg",
    ];
    assert_eq!(names(&files), expected);
    assert!(
        folder
            .text("results/x/manifest.json")
            .contains("\"file\": \"draws/picture.csv\"")
    );
    let table = folder.text(STORED);
    let mut lines = table.lines();
    let header = "scenario,replicate,prompt,candidate,mode,reward,e0,e1,e2,e3,e4,e5,rank-random,rank-best,rank-diverse";
    assert_eq!(lines.next(), Some(header));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 9, "{table}");
    assert!(
        rows.iter()
            .enumerate()
            .all(|(index, row)| row[..4] == ["0", "7", "2", &index.to_string()])
    );
    // Random-K-of-N keeps the first K, and best the highest rewards.
    let ranks = |column: usize| rows.iter().map(|row| row[column]).collect::<Vec<_>>();
    assert_eq!(ranks(12), ["1", "2", "3", "", "", "", "", "", ""]);
    let mut by_reward: Vec<&Vec<&str>> = rows.iter().collect();
    by_reward.sort_by(|a, b| b[5].parse::<f64>().unwrap().total_cmp(&a[5].parse().unwrap()));
    let best: Vec<&str> = by_reward.iter().map(|row| row[13]).collect();
    assert_eq!(best, ["1", "2", "3", "", "", "", "", "", ""]);
    let kept = |column: usize| ranks(column).iter().filter(|rank| !rank.is_empty()).count();
    assert_eq!(kept(14), 3);
}

#[test]
fn other_threads_and_more_replicates_or_arms_leave_the_pool_alone() {
    let folder = result();
    let before = folder.text(STORED);
    folder.succeeds(&[
        "run",
        "x.toml",
        "-q",
        "--threads",
        "3",
        "--replicates",
        "1280",
        "--out",
        "more",
    ]);
    assert_eq!(folder.text("more/x/draws/picture.csv"), before);
    folder.write("x.toml", POOLS.replace("prompts = 4\n", "prompts = 40\n"));
    folder.succeeds(&["run", "x.toml", "-q", "--out", "prompts"]);
    assert_eq!(folder.text("prompts/x/draws/picture.csv"), before);
    folder.write("x.toml", POOLS.replace("replicate = 7", "replicate = 8"));
    folder.succeeds(&["run", "x.toml", "-q", "--out", "other"]);
    assert_ne!(
        folder.text("other/x/draws/picture.csv"),
        before,
        "another replicate is another pool"
    );
}

#[test]
fn report_draws_the_picture_again_from_what_is_stored() {
    let folder = result();
    let before = folder.files("results");
    for file in ["picture.svg", "stacks.svg", "README.md"] {
        std::fs::remove_file(folder.path("results/x").join(file)).unwrap();
    }
    folder.succeeds(&["report", "results"]);
    assert!(before == folder.files("results"));
    std::fs::remove_dir_all(folder.path("results/x/journal")).unwrap();
    let before = folder.files("results");
    std::fs::remove_file(folder.path("results/x/picture.svg")).unwrap();
    folder.succeeds(&["report", "results"]);
    assert!(before == folder.files("results"), "without a journal too");
}

/// Even with every block kept: they hold no draws.
#[test]
fn a_damaged_or_missing_pool_is_refused_by_name() {
    let folder = result();
    let whole = folder.text(STORED);
    folder.write(STORED, whole.replacen(",7,2,0,", ",7,2,1,", 1));
    let before = folder.files("results");
    let says = "not the file that the manifest names: it was changed or damaged; run the experiment again";
    folder.fails(&["report", "results"], 2, &format!("{STORED}: {says}"));
    std::fs::remove_file(folder.path(STORED)).unwrap();
    folder.fails(
        &["report", "results"],
        2,
        &format!("{STORED}: No such file or directory (os error 2)"),
    );
    folder.write(STORED, &before["x/draws/picture.csv"]);
    assert!(before == folder.files("results"), "a file was changed");
    folder.succeeds(&["run", "x.toml", "-q"]);
    assert_eq!(folder.text(STORED), whole, "a run makes it whole");
}

#[test]
fn pools_that_no_figure_shows_any_more_are_removed_and_nothing_else() {
    let folder = result();
    folder.write("results/x/draws/own.csv", "mine");
    folder.write("x.toml", POOLS.replace("\"picture\"", "\"portrait\""));
    folder.succeeds(&["run", "x.toml", "-q"]);
    let left = |folder: &Folder| folder.files("results/x/draws").into_keys().collect::<Vec<_>>();
    assert_eq!(left(&folder), ["own.csv", "portrait.csv"]);
    assert!(!folder.path("results/x/picture.svg").exists());
    let start = POOLS.find("[[figures]]").unwrap();
    folder.write("x.toml", &POOLS[..start]);
    folder.succeeds(&["run", "x.toml", "-q"]);
    assert_eq!(left(&folder), ["own.csv"]);
    std::fs::remove_file(folder.path("results/x/draws/own.csv")).unwrap();
    folder.write("x.toml", POOLS);
    folder.succeeds(&["run", "x.toml", "-q"]);
    folder.write("x.toml", &POOLS[..start]);
    folder.succeeds(&["run", "x.toml", "-q"]);
    assert!(!folder.path("results/x/draws").exists(), "an empty folder goes");
}

#[test]
fn a_pool_and_bars_can_be_panels_of_a_composed_figure() {
    let folder = Folder::empty();
    folder.write("experiments/x.toml", POOLS);
    let composed = "width = \"two-columns\"\ncolumns = 2\n\
        [[panels]]\nexperiment = \"x\"\nfigure = \"picture\"\npanel = 3\n\
        [[panels]]\nexperiment = \"x\"\nfigure = \"stacks\"\n";
    folder.write("figures/both.toml", composed);
    folder.succeeds(&["reproduce", "-q"]);
    let svg = folder.text("results/both/both.svg");
    for text in [">(a)<", "diverse", "not\u{a0}kept", ">(b)<", "variance"] {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    folder.succeeds(&["report", "results"]);
    assert_eq!(folder.text("results/both/both.svg"), svg, "again from stored records");
}
