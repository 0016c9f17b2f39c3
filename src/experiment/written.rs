//! Owns the way from a file and `--set` arguments to a file that says the same by itself.

use super::set::split;
use crate::format::{Fault, Faults, Origin, Source, bare_or_quoted, quoted, shown, tree};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The text of an experiment file with `--set` arguments written into it, each over the value of its key or, where the key is absent, into
/// its table. Everything else keeps its place, comments too. The keys are whole paths (`arms.grid.responses`), the values TOML.
///
/// # Errors
///
/// A text or an argument that is no TOML, a key below a value that is no table, and one whose table is written in a form that takes none here.
pub fn written(text: &str, sets: &[String]) -> Result<String, Faults> {
    sets.iter().try_fold(text.to_owned(), |text, set| one(text, set))
}

fn one(text: String, set: &str) -> Result<String, Faults> {
    let argument = Source::argument(&format!("--set {}", shown(set)), set.to_owned());
    let origin = Origin::new(&argument, 0);
    let fault = |what: String| Faults::from(Fault::new(&origin, "", what));
    let (path, value) = split(set).map_err(fault)?;
    let value = value.trim();
    tree::parse_value(&argument, set.len() - value.len())?;
    // Says what is wrong with a text that is no TOML, with its place.
    let source = Source::file("experiment.toml", text.clone());
    tree::parse(&source)?;
    let table = DeTable::parse(&text).map_err(|error| fault(error.message().to_owned()))?;
    let place = place(table.get_ref(), &path).map_err(|part| fault(format!("{} is no table", quoted(part))))?;
    let (range, new) = match place {
        Place::Value(range) => (range, value.to_owned()),
        Place::Into { depth, start } => {
            let (at, new) = added(&text, &path, (depth, start), value);
            (at..at, new)
        }
    };
    let mut written = text.clone();
    written.replace_range(range, &new);
    // A table may be written in a form that takes no key here, such as dotted keys below a header.
    tree::parse(&Source::file("experiment.toml", written.clone())).map_err(|_| {
        fault(format!(
            "{} has no place in the file: write it there",
            quoted(&path.join("."))
        ))
    })?;
    Ok(written)
}

/// Where a value is to stand.
enum Place {
    /// In the place of another.
    Value(Range<usize>),
    /// In the table of so many parts of the path, the deepest that there is, which begins there.
    Into { depth: usize, start: usize },
}

fn place<'p>(root: &DeTable<'_>, path: &'p [String]) -> Result<Place, &'p str> {
    let (mut table, mut start) = (root, 0);
    for (depth, part) in path.iter().enumerate() {
        let Some(found): Option<&Spanned<DeValue<'_>>> = table.get(part.as_str()) else {
            return Ok(Place::Into { depth, start });
        };
        match found.get_ref() {
            _ if depth + 1 == path.len() => return Ok(Place::Value(found.span())),
            DeValue::Table(inner) => (table, start) = (inner, found.span().start),
            _ => return Err(part),
        }
    }
    // Not reached, because a path has a last part.
    Ok(Place::Into { depth: 0, start: 0 })
}

/// Where a key that is absent is written, and what: first in its table, be that on lines of its own or on one line; else, with its whole
/// path, first in the file.
fn added(text: &str, path: &[String], (depth, start): (usize, usize), value: &str) -> (usize, String) {
    let dotted = |parts: &[String]| {
        parts
            .iter()
            .map(|part| bare_or_quoted(part))
            .collect::<Vec<_>>()
            .join(".")
    };
    let rest = format!("{} = {value}", dotted(&path[depth..]));
    if depth > 0 && text[start..].starts_with('{') {
        let is_empty = text[start + 1..].trim_start().starts_with('}');
        return (start + 1, format!(" {rest}{}", if is_empty { "" } else { "," }));
    }
    let header = format!("[{}]", dotted(&path[..depth]));
    let mut end = 0;
    for line in text.split_inclusive('\n').filter(|_| depth > 0) {
        end += line.len();
        if line.split('#').next().unwrap_or("").trim() == header {
            let ending = if line.ends_with('\n') { "" } else { "\n" };
            return (end, format!("{ending}{rest}\n"));
        }
    }
    (0, format!("{} = {value}\n", dotted(path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::parse;

    const TEXT: &str = "# A law.\ntitle = \"A law\"\nstudy = \"selection\"\nseed = 1\nmeasures = [\"mode-mass\"]\n\n[world] # E\nkind = \
                        \"dirichlet\"\nmodes = 4\nconcentration = 8.0 # alpha\n\n[arms]\ngrid = { responses = [1, 2] }\n\n[run]\nreplicates = 640\n";

    fn set(sets: &[&str]) -> Result<String, String> {
        let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
        written(TEXT, &sets).map_err(|faults| faults.to_string())
    }

    #[test]
    fn values_take_the_place_of_values_and_comments_stay() {
        let text = set(&["world.concentration=2.5", "arms.grid.responses=[4]", "seed = 7"]).expect("it is written");
        for part in [
            "concentration = 2.5 # alpha",
            "{ responses = [4] }",
            "\nseed = 7\n",
            "# A law.\n",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn absent_keys_go_to_the_head_of_their_table() {
        let text = set(&["arms.prompts=32", "budget.total=100"]).expect("it is written");
        assert!(text.contains("[arms]\nprompts = 32\ngrid"), "{text}");
        assert!(text.starts_with("budget.total = 100\n"), "{text}");
        let text = set(&[
            "arms.grid.selector=[\"best\"]",
            "budget.total=1",
            "budget.prompt-cost=2",
        ])
        .expect("it is written");
        assert!(
            text.contains("grid = { selector = [\"best\"], responses = [1, 2] }"),
            "{text}"
        );
        assert!(text.starts_with("budget.prompt-cost = 2\nbudget.total = 1\n"), "{text}");
    }

    /// The second route: what is laid over the file gives the same experiment as what is written into it.
    #[test]
    fn what_is_written_is_what_is_laid_over() {
        let sets = [
            "world.concentration=2.5",
            "arms.prompts=16",
            "world.base={ geometric = 0.5 }",
        ]
        .map(str::to_owned);
        let over = parse("x", "x.toml", TEXT.to_owned(), &sets).expect("it is right");
        let text = written(TEXT, &sets).expect("it is written");
        let own = parse("x", "x.toml", text, &[]).expect("it is right");
        let works = |own: &crate::Experiment| own.scenarios[0].study.spec().work.digest();
        assert_eq!(works(&over), works(&own));
        let other = parse("x", "x.toml", TEXT.to_owned(), &sets[1..2]).expect("it is right");
        assert_ne!(works(&over), works(&other));
    }

    #[test]
    fn what_cannot_be_written_is_said() {
        assert!(set(&["seed"]).expect_err("no value").contains("has no `=`"));
        assert!(
            set(&["seed.x=1"])
                .expect_err("no table")
                .contains("\"seed\" is no table")
        );
        assert!(set(&["seed=["]).is_err());
    }
}
