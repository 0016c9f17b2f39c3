//! Owns the places of a template that are filled, `{{word}}` or `{{word argument}}`, text inside HTML, and the mark of a page.

use super::CliError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Says that this command wrote a file.
pub(super) const MARK: &str = "<meta name=\"generator\" content=\"mode-lottery page\">";

/// A template with each place filled by what `fill` says of its word and argument.
///
/// # Errors
///
/// Those of `fill`, and a place that does not end.
pub(super) fn filled(
    template: &str,
    fill: &mut dyn FnMut(&str, &str) -> Result<String, CliError>,
) -> Result<String, CliError> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((place, after)) = after.split_once("}}") else {
            return Err(CliError::Run(format!(
                "a template has a place without an end: {after:.40}"
            )));
        };
        let (word, argument) = place.split_once(' ').unwrap_or((place, ""));
        out += before;
        out += &fill(word, argument)?;
        rest = after;
    }
    Ok(out + rest)
}

/// A text as a JSON string that may stand in a script element, which only `<` could end.
pub(super) fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('<', "\\u003c")
}

/// Bytes in base64, in lines that editors can show.
pub(super) fn base64(bytes: &[u8]) -> String {
    // A multiple of three, so that no line ends in padding but the last.
    const LINE: usize = 57;
    let lines = bytes.chunks(LINE).map(|line| STANDARD.encode(line) + "\n");
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_base64_are_one_text() {
        let bytes: Vec<u8> = (0..=255).collect();
        let lines = base64(&bytes);
        assert_eq!(lines.replace('\n', ""), STANDARD.encode(&bytes));
        assert!(lines.lines().all(|line| line.len() <= 76));
    }

    #[test]
    fn places_are_filled_and_one_without_an_end_is_an_error() {
        let mut fill = |word: &str, argument: &str| Ok(format!("[{word}|{argument}]"));
        assert_eq!(
            filled("a {{b c}} d {{e}}", &mut fill).expect("filled"),
            "a [b|c] d [e|]"
        );
        assert!(filled("a {{b", &mut fill).is_err());
    }

    #[test]
    fn no_text_ends_the_script_that_it_stands_in() {
        assert_eq!(json("a</script>\"\n"), "\"a\\u003c/script>\\\"\\n\"");
    }
}
