//! Owns the command `new`.

use super::{CliError, print};
use crate::experiment::{TEMPLATES, nearest, template};

/// Arguments of `new`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(help = format!("The study: {}", one_of(&TEMPLATES)))]
    study: String,
}

/// Names in words: `a, b or c`.
fn one_of(names: &[&str]) -> String {
    match names {
        [first @ .., before, last] => [first, &[&format!("{before} or {last}")]].concat().join(", "),
        _ => names.concat(),
    }
}

/// Prints the template of a study.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    match template(&args.study) {
        Some(text) => print(text),
        None => {
            let near = nearest(&args.study, &TEMPLATES)
                .map(|n| format!("; did you mean {n:?}?"))
                .unwrap_or_default();
            let known = TEMPLATES.join(", ");
            Err(CliError::Input(format!(
                "unknown study {:?} (known: {known}{near})",
                args.study
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::STUDIES;

    #[test]
    fn every_study_has_a_template_and_the_help_names_them_all() {
        assert_eq!(TEMPLATES.to_vec(), STUDIES.map(|study| study.name).to_vec());
        assert_eq!(one_of(&TEMPLATES), "selection, training, alignment, greedy or stopping");
        assert!(TEMPLATES.iter().all(|study| template(study).is_some()));
        assert_eq!([one_of(&["a", "b"]), one_of(&["a"])], ["a or b", "a"]);
    }
}
