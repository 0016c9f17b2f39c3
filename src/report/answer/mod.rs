//! Owns what a page shows of a run: the files of its result, without a folder, and fragments of HTML made from the same records.
//!
//! The command `page` and the library in a browser both answer by it, so that what stands on a page before the engine has answered is what
//! it then says.

mod allocation;
mod guess;
mod html;
mod json;
mod version;

pub use guess::{Guess, Mark};
pub use html::claims;
pub use version::version;

use super::figure::{self, FigureError};
use super::plot::{self, Records};
use crate::experiment::Experiment;
use crate::record::{self, ClaimRecord};
use crate::session::{self, DrawsError, Outcome};

/// Name and bytes of a file.
pub type NamedBytes = (String, Vec<u8>);

/// Why a run has no answer.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// What a figure shows of single replicates cannot be drawn.
    #[error(transparent)]
    Draws(#[from] DrawsError),
    /// A figure cannot be drawn: its name, and why.
    #[error("figure {0}: {1}")]
    Figure(String, FigureError),
}

/// The files of a result, as `run` writes them: `estimates.csv`, `claims.csv`, `curves.csv`, and an SVG for each figure; and for pages
///
/// - `answer.json`: digest of `estimates.csv`, version, names of the figures, replicates, K* where there
///   is a budget, every row with its cells;
/// - `numbers.html`: a table of the rows that figures show; `claims.html`: one of the claims, empty without;
/// - `allocation.html`: what the variance law says of a budget that all arms share, empty without one.
///
/// A guess is drawn on its figure, beside what was found.
///
/// # Errors
///
/// See [`AnswerError`].
pub fn files(experiment: &Experiment, outcome: Outcome, guess: Option<&Guess>) -> Result<Vec<NamedBytes>, AnswerError> {
    let claims: Vec<ClaimRecord> = outcome.claims.into_iter().map(|own| own.record).collect();
    let mut records = Records {
        estimates: outcome.estimates,
        curves: outcome.curves,
        draws: Vec::new(),
    };
    records.draws = session::draws(experiment, &records.estimates, &())?;
    let keys: Vec<String> = experiment.columns.iter().map(|column| column.name.clone()).collect();
    let estimates = record::write_estimates(&keys, &records.estimates);
    let digest = record::digest("estimates.csv", &estimates).sha256;
    let html = [
        ("answer.json", json::answer(experiment, &records.estimates, &digest)),
        ("numbers.html", html::numbers(experiment, &records.estimates)),
        ("claims.html", html::claims(&claims)),
        ("allocation.html", allocation::html(experiment)),
    ];
    let mut files = vec![
        ("estimates.csv".to_owned(), estimates),
        ("claims.csv".to_owned(), record::write_claims(&claims)),
        ("curves.csv".to_owned(), record::write_curves(&records.curves)),
    ];
    files.extend(html.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    for spec in &experiment.figures {
        let mut drawn = plot::figure(experiment, &records, spec);
        if let Some(guess) = guess.filter(|guess| guess.figure == spec.name) {
            guess.draw_on(&mut drawn);
        }
        let svg = figure::render(&drawn).map_err(|error| AnswerError::Figure(spec.name.clone(), error))?;
        files.push((format!("{}.svg", spec.name), svg.into_bytes()));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment;

    const BUDGET: &str = r#"title = "A <budget>"
study = "selection"
seed = 1
measures = ["mode-mass"]
[world]
kind = "dirichlet"
modes = 4
concentration = 8.0
[budget]
total = 1600
prompt-cost = 8.0
response-cost = 1.0
[arms]
grid = { responses = [1, 8, 64] }
[run]
replicates = 640
[[claims]]
kind = "agrees"
name = "law"
statement = "a <b>law</b> & more"
estimand = "mode-mass.variance"
margin = 0.5
[[figures]]
kind = "line"
name = "u"
x = "responses"
y = "mode-mass.variance"
exact = true
optimum = true
"#;

    fn answer(guess: Option<Guess>) -> Vec<(String, String)> {
        let experiment = experiment::parse("b", "b.toml", BUDGET.to_owned(), &[]).expect("it is right");
        let mut session = crate::Session::new(experiment);
        session.run(&crate::engine::NoStore, &()).expect("it runs");
        let outcome = session.outcome();
        let files = files(session.experiment(), outcome, guess.as_ref()).expect("it is drawn");
        let text = |bytes| String::from_utf8(bytes).expect("it is text");
        files.into_iter().map(|(name, bytes)| (name, text(bytes))).collect()
    }

    fn of<'a>(files: &'a [(String, String)], name: &str) -> &'a str {
        let found = files.iter().find(|(own, _)| own == name);
        found.map_or_else(|| panic!("no {name}"), |(_, text)| text)
    }

    #[test]
    fn the_digest_is_that_of_the_estimates_and_every_row_is_told() {
        let files = answer(None);
        let json: serde_json::Value = serde_json::from_str(of(&files, "answer.json")).expect("it is JSON");
        let estimates = of(&files, "estimates.csv");
        assert_eq!(
            json["digest"],
            record::digest("estimates.csv", estimates.as_bytes()).sha256
        );
        let rows = json["rows"].as_array().expect("rows");
        assert_eq!(rows.len() + 1, estimates.lines().count());
        assert_eq!(
            (&rows[0]["cells"]["responses"], &rows[0]["estimand"]),
            (&"1".into(), &"mode-mass.variance".into())
        );
    }

    /// alpha = 8, C_p/C_r = 8: K* = sqrt(64) = 8, and 1600 buys 100 prompts with 8 responses.
    #[test]
    fn the_law_of_the_budget_is_told() {
        let files = answer(None);
        let told = of(&files, "allocation.html");
        assert!(
            told.contains("<b>8</b>") && told.contains("100 prompts with 8 responses each"),
            "{told}"
        );
        assert!(of(&files, "curves.csv").contains("place,K*,8,"), "K* is marked");
    }

    #[test]
    fn a_guess_is_drawn_on_its_figure_alone() {
        let (plain, point) = (answer(None), Mark::Point { x: 8.0, y: 0.01 });
        let mark = |figure: &str, mark| Guess {
            figure: figure.to_owned(),
            mark,
        };
        for mark in [mark("u", point), mark("u", Mark::Place { x: 3.0 })] {
            let guessed = answer(Some(mark));
            assert!(of(&guessed, "u.svg").contains("guess"));
            assert_eq!(of(&guessed, "estimates.csv"), of(&plain, "estimates.csv"));
        }
        assert_eq!(answer(Some(mark("other", point))), plain);
        // One that its axis has no place for is none.
        assert_eq!(answer(Some(mark("u", Mark::Place { x: -1.0 }))), plain);
    }

    #[test]
    fn no_text_of_a_file_becomes_markup() {
        let files = answer(None);
        assert!(!of(&files, "u.svg").contains("<budget>"));
        let claims = of(&files, "claims.html");
        assert!(
            claims.contains("<td>a &lt;b&gt;law&lt;/b&gt; &amp; more</td>"),
            "{claims}"
        );
        assert!(of(&files, "numbers.html").contains("<td>mode-mass.variance</td>"));
    }
}
