//! Owns the generated parts of Markdown pages: what stands between the markers of one, made from the claims of results.

use super::listed::Listed;
use super::page::in_words;
use super::papers;
use super::table::markdown;
use crate::record::ClaimRecord;

/// What can be generated: the word of its markers, and how it is made of the results and of the file that the marker may name.
struct Part {
    word: &'static str,
    make: fn(&[Listed], &str) -> Result<String, String>,
    /// Whether the marker names a file: `statements of papers.toml`.
    of_file: bool,
}

const PARTS: [Part; 3] = [
    Part {
        word: "experiments",
        make: |results, _| Ok(experiments(results)),
        of_file: false,
    },
    Part {
        word: "claims",
        make: |results, _| Ok(claims(results)),
        of_file: false,
    },
    Part {
        word: "statements",
        make: papers::statements,
        of_file: true,
    },
];

/// Why a page could not be filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpliceError {
    /// No markers stand in it.
    #[error(
        "no markers of a generated part stand in it, such as `<!-- experiments: generated, do not edit -->` and, below, \
         `<!-- end of experiments -->` (parts: experiments, claims, statements of FILE)"
    )]
    NoMarkers,
    /// A part begins and does not end.
    #[error("`<!-- end of {0} -->` is missing below the marker that begins it")]
    NoEnd(&'static str),
    /// The file that a marker names cannot be used.
    #[error("{0}")]
    File(String),
}

/// `text` with what stands between markers made anew of `results`, in their order. `read` gives the text of a file that a marker
/// names.
///
/// # Errors
///
/// See [`SpliceError`]; what is wrong with a named file is said with its place.
pub fn splice(
    text: &str,
    results: &[Listed],
    read: &dyn Fn(&str) -> Result<String, String>,
) -> Result<String, SpliceError> {
    let mut out = text.to_owned();
    let mut found = false;
    for part in &PARTS {
        let Some((file, begin)) = marker(&out, part) else {
            continue;
        };
        let end = format!("<!-- end of {} -->", part.word);
        let end = begin + out[begin..].find(&end).ok_or(SpliceError::NoEnd(part.word))?;
        let source = match part.of_file {
            true => read(&file).map_err(SpliceError::File)?,
            false => String::new(),
        };
        let named = |what| SpliceError::File(format!("{file}:{what}"));
        let made = (part.make)(results, &source).map_err(named)?;
        out.replace_range(begin..end, &format!("\n\n{made}\n"));
        found = true;
    }
    match found {
        true => Ok(out),
        false => Err(SpliceError::NoMarkers),
    }
}

/// The file that the marker of a part names, and where the marker ends.
fn marker(text: &str, part: &Part) -> Option<(String, usize)> {
    const END: &str = ": generated, do not edit -->";
    let begin = match part.of_file {
        true => format!("<!-- {} of ", part.word),
        false => format!("<!-- {}", part.word),
    };
    let named = text.find(&begin)? + begin.len();
    let end = named + text[named..].find(END)?;
    let file = &text[named..end];
    let one_line = !file.contains('\n') && part.of_file != file.is_empty();
    one_line.then(|| (file.to_owned(), end + END.len()))
}

/// A row for each experiment: how its claims came out, and what it is about.
fn experiments(results: &[Listed]) -> String {
    let row = |own: &Listed| {
        let expected = own.claims.iter().filter(|record| record.as_expected()).count();
        let all = own.claims.len();
        let count = match expected == all {
            true => format!("{expected} of {all}"),
            false => format!("**{expected} of {all}**"),
        };
        vec![format!("[{}]({})", own.name, own.link), own.title.clone(), count]
    };
    let rows: Vec<Vec<String>> = results.iter().map(row).collect();
    markdown(&["experiment", "what it shows", "claims as expected"], &rows)
}

/// A row for each claim of each experiment.
fn claims(results: &[Listed]) -> String {
    let row = |own: &Listed, record: &ClaimRecord| {
        let found = match record.as_expected() {
            true => record.verdict.clone(),
            false => format!("**{}**", record.verdict),
        };
        vec![
            format!("[{}]({})", own.name, own.link),
            in_words(record),
            record.expected.clone(),
            found,
        ]
    };
    let rows: Vec<Vec<String>> = results
        .iter()
        .flat_map(|own| own.claims.iter().map(move |record| row(own, record)))
        .collect();
    markdown(&["experiment", "claim", "expected", "found"], &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spliced(text: &str) -> Result<String, SpliceError> {
        splice(text, &[], &|file| Err(format!("{file}: not there")))
    }

    #[test]
    fn only_what_stands_between_the_markers_changes() {
        for word in ["claims", "experiments"] {
            let (begin, end) = (
                format!("<!-- {word}: generated, do not edit -->"),
                format!("<!-- end of {word} -->"),
            );
            let text = format!("before\n{begin}\nold\n{end}\nafter\n");
            let once = spliced(&text).unwrap();
            assert!(once.starts_with("before\n") && once.ends_with("\nafter\n") && !once.contains("old"));
            assert_eq!(spliced(&once).unwrap(), once, "splicing again changes nothing");
            assert!(matches!(
                spliced(&text.replace("end of", "END")),
                Err(SpliceError::NoEnd(_))
            ));
        }
        assert_eq!(spliced("no markers"), Err(SpliceError::NoMarkers));
    }

    #[test]
    fn a_marker_names_the_file_that_its_part_is_made_of() {
        let text = "<!-- statements of x.toml: generated, do not edit -->\n<!-- end of statements -->\n";
        assert_eq!(spliced(text), Err(SpliceError::File("x.toml: not there".to_owned())));
        let filled = splice(text, &[], &|_| Ok("papers = []".to_owned())).unwrap();
        assert!(filled.starts_with("<!-- statements of x.toml"), "{filled}");
    }
}
