//! What commands tell of words, keys and schemas, and what shells complete.

use super::{EXPERIMENT, Folder};

#[test]
fn the_schema_is_printed_as_committed() {
    let committed = include_str!("../../schema/experiment.schema.json");
    assert!(Folder::empty().succeeds(&["schema"]) == committed);
}

#[test]
fn explain_tells_keys_estimands_and_measures() {
    let folder = Folder::empty();
    let key = folder.succeeds(&["explain", "responses"]);
    let expected = "arms.responses  (key of experiment files)\n  studies  selection, training, policies, alignment\n  \
        meaning  K: responses kept per prompt, at most `candidates`.\n  \
        values   integer from 1 to 1048576\n  default  required\n\n\
        arms.responses  (key of experiment files)\n  studies  sequences\n  meaning  K: responses per prompt.\n  \
        values   integer from 1 to 1048576\n  default  required\n\n\
        arms.responses  (key of experiment files)\n  studies  greedy\n  \
        meaning  K: candidates kept, at most `candidates`.\n  values   integer from 1 to 16\n  default  required\n\n\
        arms.responses  (key of experiment files)\n  studies  pilots\n  \
        meaning  k: responses of each prompt of a pilot, or their expected number. Tests of the model take 3 or more.\n  \
        values   integer from 2 to 512\n  default  required\n\n\
        arms.responses  (key of experiment files)\n  studies  allocation\n  \
        meaning  K: responses of every prompt; where prompts have different numbers, of one that is open as far as the rule knows, its pilot \
        included.\n  values   integer from 1 to 4096\n  default  required\n";
    let value = "\nresponses  (value of arms.weighting)\n  studies  policies\n  \
        of       What a prompt counts where they have different numbers of responses.\n  \
        meaning  every response the same, as in a flat list: prompts with more responses count more\n";
    assert_eq!(key, format!("{expected}{value}"));
    assert_eq!(
        folder.succeeds(&["explain", "arms.grid.responses"]),
        expected,
        "as messages name it"
    );
    let estimand = folder.succeeds(&["explain", "loss.prompt-floor"]);
    let expected = "loss.prompt-floor  (estimand of the study selection)\n  \
        of       loss: mean of -ln p_theta(y) over kept responses y at `policy.theta`, in nats\n  \
        meaning  the part of the law that no number of independent responses removes; theory only, no estimate\n  \
        formula  V_x d/N_p\n  unit     squared units of the statistic, positive\n  \
        source   arXiv 2606.00544, the variance law; Cochran 1977, chapter 10\n";
    assert!(estimand.starts_with(expected), "{estimand}");
    let measure = folder.succeeds(&["explain", "mode-mass-by-mode"]);
    assert!(
        measure.ends_with("\n  estimands  mode-mass-by-mode.mean, mode-mass-by-mode.variance\n"),
        "{measure}"
    );
    let shared = folder.succeeds(&["explain", "kind"]);
    for path in ["world.kind", "claims[].kind", "figures[].kind"] {
        assert!(
            shared.contains(&format!("{path}  (key of experiment files)\n")),
            "{shared}"
        );
    }
    let claim = folder.succeeds(&["explain", "agrees"]);
    assert!(
        claim.starts_with("agrees  (value of claims.kind)\n")
            && claim.contains("\n  keys     margin, absolute, target\n  and      name, statement, estimand, "),
        "{claim}"
    );
}

#[test]
fn list_names_what_files_can_use() {
    let out = Folder::empty().succeeds(&["list"]);
    for line in [
        "studies\n  selection ",
        "\n  copies ",
        "\n  random ",
        "\n  raw-cosine ",
        "\n  mode-mass-by-mode ",
        "\n  emse ",
        "\n  world.base ",
        "\nfigures\n  line ",
        "\n  bars ",
        "\n  pool ",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
}

#[test]
fn list_takes_a_filter() {
    let folder = Folder::empty();
    let out = folder.succeeds(&["list", "SELECTOR"]);
    assert!(
        out.contains("\nselectors\n  random ") && out.contains("  arms.selector "),
        "{out}"
    );
    assert!(!out.contains("dirichlet ") && !out.contains("studies"), "{out}");
    let none = folder.run(&["list", "zebra"]);
    assert_eq!(none.code, Some(2));
    assert!(none.err.contains("has \"zebra\" in it"), "{}", none.err);
}

/// Whatever a table, a list or the README calls something, `explain` knows it: a word that nobody explains is a wall to a newcomer.
#[test]
fn every_word_of_lists_tables_and_the_readme_is_explained() {
    let folder = Folder::empty();
    let mut words: Vec<String> = Vec::new();
    for line in folder.succeeds(&["list"]).lines().filter(|line| line.starts_with("  ")) {
        let name = line.trim_start();
        words.push(name.split("  ").next().unwrap_or(name).to_owned());
    }
    assert!(words.len() > 200, "{words:?}");
    // A name that fills its column has one blank behind it.
    let words = words.iter().map(|word| match word.contains(": ") || word.len() > 21 {
        true => word.split(' ').next().unwrap_or(word),
        false => word,
    });
    let readme = include_str!("../../README.md");
    let (_, table) = readme
        .split_once("| word | what it means |")
        .expect("the README has a table of words");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells: Vec<String> = rows
        .map(|row| {
            row.replace("\\|", "/")
                .split('|')
                .nth(1)
                .unwrap_or("")
                .replace('/', "|")
        })
        .collect();
    let symbols = cells.iter().flat_map(|cell| cell.trim().split(", "));
    let estimates = [
        "scenario",
        "estimand",
        "at",
        "estimate",
        "mcse",
        "df",
        "low",
        "high",
        "exact",
        "reference",
        "note",
    ];
    let claims = [
        "claim",
        "verdict",
        "cells",
        "scale",
        "target",
        "margin",
        "p",
        "p_adjusted",
        "statement",
        "flag",
    ];
    let mut known = std::collections::HashSet::new();
    for word in words
        .chain(symbols)
        .chain(estimates)
        .chain(claims)
        .filter(|word| known.insert(word.to_string()))
    {
        let told = folder.run(&["explain", word]);
        assert_eq!(told.code, Some(0), "{word}: {}", told.err);
    }
    assert_eq!(folder.run(&["explain", "zebra"]).code, Some(2));
}

#[test]
fn completions_and_help_are_printed() {
    let folder = Folder::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(
            folder.succeeds(&["completions", shell]).contains("check-claims"),
            "{shell}"
        );
        assert!(
            folder.succeeds(&["completions", shell]).contains("skip-short"),
            "{shell}"
        );
    }
    let help = folder.succeeds(&["--help"]);
    assert!(
        help.contains("Exit status: 0 done; 1 a claim did not come out"),
        "{help}"
    );
    assert!(folder.succeeds(&["--version"]).starts_with("mode-lottery "));
    let run = folder.succeeds(&["run", "--help"]);
    assert!(
        run.contains("--check-claims") && run.contains("--set <KEY=VALUE>"),
        "{run}"
    );
}

/// Whoever has installed the program has no schema/ folder: `new` and `schema` put one where an editor finds it.
#[test]
fn the_schema_is_written_beside_a_file() {
    let folder = Folder::empty();
    let said = folder.succeeds(&["new", "training", "mine.toml"]);
    assert_eq!(
        said,
        "mine.toml, and experiment.schema.json for editors beside it\nmode-lottery check mine.toml\n"
    );
    assert!(
        folder
            .text("mine.toml")
            .starts_with("#:schema experiment.schema.json\n")
    );
    let schema = folder.succeeds(&["schema"]);
    assert!(folder.text("experiment.schema.json") == schema);
    folder.succeeds(&["check", "mine.toml", "--plan"]);
    folder.fails(
        &["new", "training", "mine.toml"],
        2,
        "mine.toml: it is there already; give another name",
    );
    folder.write("a/x.toml", EXPERIMENT);
    assert_eq!(
        folder.succeeds(&["schema", "--beside", "a/x.toml"]),
        "a/experiment.schema.json\nput this line first in a/x.toml: #:schema experiment.schema.json\n"
    );
    assert!(folder.text("a/experiment.schema.json") == schema);
    folder.write("a/experiment.schema.json", "{}");
    let message = "a/experiment.schema.json: it is there and no schema of this program";
    folder.fails(&["schema", "--beside", "a/x.toml"], 2, message);
}

/// What a shell offers after the subcommand, asked of bash itself.
#[test]
fn bash_completes_options_studies_keys_and_words() {
    let folder = Folder::empty();
    folder.write("complete", folder.succeeds(&["completions", "bash"]));
    let offered = |line: &str| {
        let script = format!(
            "source ./complete; words=(mode-lottery {line}); COMP_WORDS=(\"${{words[@]}}\"); COMP_CWORD=$((${{#words[@]}} - 1)); \
             run=$(complete -p mode-lottery | sed 's/.*-F \\([^ ]*\\).*/\\1/'); \
             $run mode-lottery \"${{words[-1]}}\" \"${{words[-2]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        let mut bash = std::process::Command::new("bash");
        let output = bash
            .args(["-c", &script])
            .current_dir(folder.root())
            .output()
            .expect("bash starts");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    assert_eq!(offered("run --pro"), "--progress");
    assert_eq!(offered("new sel"), "selection");
    assert_eq!(offered("explain world.conc"), "world.concentration");
    assert_eq!(offered("explain mode-mass.em"), "mode-mass.emse");
    assert_eq!(offered("check x.toml --set run.rep"), "run.replicates=");
    assert_eq!(offered("run --nothing"), "");
}
