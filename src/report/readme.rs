//! Owns the generated part of the project's README: one table of all claims, between markers.

use super::page::in_words;
use super::table::markdown;
use crate::record::ClaimRecord;

const BEGIN: &str = "<!-- claims: generated, do not edit -->";
const END: &str = "<!-- end of claims -->";

/// A README without the two markers, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the markers `{BEGIN}` and `{END}` do not stand in it, in this order")]
pub struct NoMarkers;

/// `text` with what stands between the markers replaced by the claims of each experiment.
pub fn splice(text: &str, experiments: &[(String, Vec<ClaimRecord>)]) -> Result<String, NoMarkers> {
    let begin = text.find(BEGIN).ok_or(NoMarkers)? + BEGIN.len();
    let end = begin + text[begin..].find(END).ok_or(NoMarkers)?;
    Ok(format!(
        "{}\n\n{}\n{}",
        &text[..begin],
        claims(experiments),
        &text[end..]
    ))
}

fn claims(experiments: &[(String, Vec<ClaimRecord>)]) -> String {
    let rows: Vec<Vec<String>> = experiments
        .iter()
        .flat_map(|(name, records)| {
            records.iter().map(move |record| {
                vec![
                    format!("[{name}](results/{name}/README.md)"),
                    in_words(record),
                    record.expected.clone(),
                    if record.as_expected() {
                        record.verdict.clone()
                    } else {
                        format!("**{}**", record.verdict)
                    },
                ]
            })
        })
        .collect();
    markdown(&["experiment", "claim", "expected", "found"], &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_changes() {
        let text = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let once = splice(&text, &[]).unwrap();
        assert!(once.starts_with("before\n") && once.ends_with("\nafter\n") && !once.contains("old"));
        assert_eq!(splice(&once, &[]).unwrap(), once, "splicing again changes nothing");
        assert_eq!(splice("no markers", &[]), Err(NoMarkers));
    }
}
