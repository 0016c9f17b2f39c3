//! Notes below a figure: what must be known beside its panels, in lines that fit.

use super::canvas::{At, Canvas};
use super::font;
use super::label::Label;
use super::model::Figure;
use super::style;
use super::text_layout::{Anchor, TextLayout};
use super::wrap::{fitting, lines as lines_of};

/// The notes of all panels, each once, after the tags of the panels that have it unless all do.
fn texts(figure: &Figure) -> Vec<String> {
    let mut texts: Vec<(String, Vec<char>, usize)> = Vec::new();
    for panel in &figure.panels {
        for note in &panel.notes {
            match texts.iter_mut().find(|(text, ..)| text == note) {
                Some((_, tags, count)) => {
                    tags.extend(panel.tag);
                    *count += 1;
                }
                None => texts.push((note.clone(), panel.tag.into_iter().collect(), 1)),
            }
        }
    }
    let tagged = |(text, tags, count): (String, Vec<char>, usize)| {
        if tags.is_empty() || count == figure.panels.len() {
            return text;
        }
        let tags: Vec<String> = tags.iter().map(|tag| format!("({tag})")).collect();
        format!("{}: {text}", tags.join(", "))
    };
    texts.into_iter().map(tagged).collect()
}

/// The notes in lines of at most `room`, broken between words.
pub(super) fn lines(figure: &Figure, room: i32) -> Vec<TextLayout> {
    let all = texts(figure).into_iter();
    let lines = all.flat_map(|text| lines_of(&Label::plain(&text), [style::NOTE; 2], room));
    lines.map(|line| fitting(&line, style::NOTE, room)).collect()
}

/// The room that lines take below what stands above them.
pub(super) fn height(lines: &[TextLayout]) -> i32 {
    match lines.len() as i32 {
        0 => 0,
        count => style::LEGEND_GAP + count * style::NOTE_ROW,
    }
}

/// Draws the lines below that corner of what stands above them.
pub(super) fn draw(lines: &[TextLayout], canvas: &mut Canvas, (x, y): At) {
    for (index, line) in lines.iter().enumerate() {
        let middle = y + style::LEGEND_GAP + style::NOTE_ROW * index as i32 + style::NOTE_ROW / 2;
        let at = (x, middle + font::cap_height(style::NOTE) / 2);
        canvas.text(line, at, Anchor::Start, style::INK);
    }
}
