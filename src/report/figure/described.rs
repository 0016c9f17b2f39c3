//! Owns what a figure says to those who cannot see it: the title and the description of its SVG.

use super::label::Label;
use super::model::{Figure, Panel};
use super::text_layout::escaped;

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
