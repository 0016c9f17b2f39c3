//! Breaks labels into lines: between words, and within a word that is longer than a line.

use super::label::Label;
use super::markup::Node;
use super::style;
use super::text_layout::{TextLayout, set};

/// A label at `size`, or smaller where it would be longer than `room`, but never below the print floor.
pub(super) fn fitting(label: &Label, size: i32, room: i32) -> TextLayout {
    let steps = (style::SMALLEST..=size).rev().step_by(4);
    steps
        .map(|size| set(label, size))
        .find(|setting| setting.width <= room)
        .unwrap_or_else(|| set(label, style::SMALLEST.min(size)))
}

/// The label in one line where that fits at the `least` size, else in as many lines of `size` as it needs.
pub(super) fn lines(label: &Label, [size, least]: [i32; 2], room: i32) -> Vec<Label> {
    if set(label, least).width <= room {
        return vec![label.clone()];
    }
    let fits = |label: &Label| set(label, size).width <= room;
    let mut lines: Vec<Label> = Vec::new();
    for word in words(label).into_iter().flat_map(|word| pieces(word, &fits)) {
        let longer = lines.last().map(|line| line.clone().spaced(&word));
        match (longer.filter(fits), lines.last_mut()) {
            (Some(longer), Some(line)) => *line = longer,
            _ => lines.push(word),
        }
    }
    lines
}

/// What stands between spaces.
fn words(label: &Label) -> Vec<Label> {
    let mut words = vec![Label::plain("")];
    for node in &label.nodes {
        let Node::Run { text, face } = node else {
            add(&mut words, node.clone());
            continue;
        };
        for (index, text) in text.split(' ').map(str::to_owned).enumerate() {
            if index > 0 {
                words.push(Label::plain(""));
            }
            let face = *face;
            add(&mut words, Node::Run { text, face });
        }
    }
    words.retain(|word| *word != Label::plain(""));
    words
}

fn add(words: &mut [Label], node: Node) {
    let empty = matches!(&node, Node::Run { text, .. } if text.is_empty());
    if let (Some(word), false) = (words.last_mut(), empty) {
        word.nodes.push(node);
    }
}

/// The word whole, or text that is longer than a line in pieces that are not.
fn pieces(word: Label, fits: &dyn Fn(&Label) -> bool) -> Vec<Label> {
    let [Node::Run { text, face }] = &word.nodes[..] else {
        return vec![word];
    };
    let of = |text: String| Label {
        nodes: vec![Node::Run { text, face: *face }],
    };
    let mut pieces: Vec<String> = Vec::new();
    for sign in text.chars() {
        match pieces.last_mut() {
            Some(piece) if fits(&of(format!("{piece}{sign}"))) => piece.push(sign),
            _ => pieces.push(sign.to_string()),
        }
    }
    pieces.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_shrink_to_the_room_but_not_below_the_floor() {
        let label = Label::plain("a name that is rather long for its axis");
        let natural = set(&label, style::AXIS_LABEL).width;
        assert_eq!(fitting(&label, style::AXIS_LABEL, natural).width, natural);
        assert!(fitting(&label, style::AXIS_LABEL, natural - 1).width < natural);
        assert_eq!(fitting(&label, style::AXIS_LABEL, 1), set(&label, style::SMALLEST));
    }

    #[test]
    fn a_label_longer_than_its_room_is_wrapped_and_nothing_of_it_is_lost() {
        let label =
            Label::parse("variance $V_x/N_p$ of an unbreakablewordthatislongerthanaline of $\\hat\\theta$").unwrap();
        let room = set(&Label::plain("an unbreakableword"), style::TITLE).width;
        let lines = lines(&label, [style::TITLE, style::SMALLEST], room);
        assert!(lines.len() > 3);
        assert!(
            lines.iter().all(|line| set(line, style::TITLE).width <= room),
            "{lines:?}"
        );
        let joined: String = lines.iter().map(Label::spoken).collect();
        assert_eq!(joined.replace(' ', ""), label.spoken().replace(' ', ""));
        let wide = set(&label, style::SMALLEST).width;
        assert_eq!(super::lines(&label, [style::TITLE, style::SMALLEST], wide), [label]);
    }
}
