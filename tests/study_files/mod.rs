//! Files of the studies beside `selection`: what is wrong is refused with the whole message that a user reads; templates are
//! right, and so is what they offer behind `#`.

mod alignment;
mod allocation;
mod costs;
mod greedy;
mod in_code;
mod own_selector;
mod pilots;
mod policies;
mod sequences;
mod stopping;
mod training;
mod work_text;

use crate::experiment_files::schema;
use mode_lottery::engine::ExactCache;
use mode_lottery::experiment::{Experiment, parse};
use mode_lottery::study::registry::STUDIES;

fn read(text: &str) -> Result<Experiment, String> {
    let read = parse("x", "x.toml", text.to_owned(), &[]);
    read.and_then(|own| own.settle(ExactCache::on_demand()))
        .map_err(|fault| fault.to_string())
}

#[track_caller]
fn right(text: &str) -> Experiment {
    read(text).unwrap_or_else(|message| panic!("{message}"))
}

/// A right file that tables change a little. Lines and columns in messages count in it.
struct Base(&'static str);

/// Parts of a file, each with what stands there instead.
type Changes<'a> = [(&'a str, &'a str)];

impl Base {
    /// The file with each part, which must stand in it exactly once, replaced.
    #[track_caller]
    fn changed(&self, changes: &Changes<'_>) -> String {
        changes.iter().fold(self.0.to_owned(), |text, (find, with)| {
            assert_eq!(
                text.matches(find).count(),
                1,
                "{find:?} does not stand in the text once"
            );
            text.replace(find, with)
        })
    }

    /// What is said of each changed file. All that differ are shown at once.
    #[track_caller]
    fn check(&self, cases: &[(&Changes<'_>, &str)]) {
        let said = |changes: &Changes<'_>| match read(&self.changed(changes)) {
            Ok(_) => "(taken for right)".to_owned(),
            Err(message) => message,
        };
        let differing: Vec<String> = cases
            .iter()
            .map(|(changes, expected)| (said(changes), expected))
            .filter(|(found, expected)| found != *expected)
            .map(|(found, expected)| format!("expected: {expected}\n   found: {found}"))
            .collect();
        assert!(differing.is_empty(), "\n{}", differing.join("\n\n"));
        for (changes, says) in cases {
            schema::refuses(&self.changed(changes), says);
        }
    }
}

/// The template of a study as it is, and with all that it offers: lines behind `# ` that are a key or a table, but for
/// `expect`, which would say the opposite.
fn templates(study: &str) -> [Experiment; 2] {
    let kind = STUDIES.iter().find(|kind| kind.name == study);
    let text = kind.expect("a study").template;
    let offered = |line: &str| {
        let rest = line.strip_prefix("# ")?;
        let word = |(key, _): (&str, &str)| key.chars().all(|c| c.is_ascii_lowercase());
        let kept = rest.starts_with('[') || rest.split_once(" = ").is_some_and(word);
        (kept && !rest.starts_with("expect")).then(|| rest.to_owned())
    };
    let lines: Vec<String> = text
        .lines()
        .map(|line| offered(line).unwrap_or(line.to_owned()))
        .collect();
    [right(text), right(&lines.join("\n"))]
}
