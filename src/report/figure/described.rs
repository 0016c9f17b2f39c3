//! Owns what a figure says to those who cannot see it: the title and the description of its SVG.

use super::label::Label;
use super::model::{Figure, Panel};

/// The two elements, which screen readers read and browsers show beside the pointer.
pub(super) fn elements(figure: &Figure) -> String {
    let title = figure.title.as_ref().map_or_else(|| figure.name.clone(), Label::spoken);
    let panels: Vec<String> = figure.panels.iter().map(panel).collect();
    let [title, description] = [title, panels.join(" ")].map(|text| escaped(&text));
    format!("<title>{title}</title>\n<desc>{description}</desc>\n")
}

/// A sentence on a panel.
fn panel(panel: &Panel) -> String {
    let tag = panel.tag.map(|tag| format!("({tag})"));
    let title = panel.title.as_ref().map(|title| format!("{}:", title.spoken()));
    let parts = [tag, title, Some(format!("{}.", panel.body.described()))];
    parts.into_iter().flatten().collect::<Vec<String>>().join(" ")
}

/// Labels one after the other, below what heads them; nothing of none and of those that are empty.
pub(super) fn listed<'a>(heading: Option<&Label>, labels: impl Iterator<Item = &'a Label>) -> String {
    let mut labels: Vec<String> = labels.map(Label::spoken).collect();
    labels.retain(|label| !label.is_empty());
    match (labels.is_empty(), heading) {
        (true, _) => String::new(),
        (false, None) => format!("; {}", labels.join(", ")),
        (false, Some(heading)) => format!("; {}: {}", heading.spoken(), labels.join(", ")),
    }
}

/// Text that may stand between tags.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Control characters and noncharacters are not allowed in the document.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ if sign.is_control() => out.push('\u{fffd}'),
            _ => out.push(sign),
        }
    }
    out
}
