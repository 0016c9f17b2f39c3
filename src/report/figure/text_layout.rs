//! Sets a label at a size: spans with their rise and kerning, the room they take, and their SVG text.
//!
//! Spans flow one after the other, so that a viewer with another font still shows a label without holes or overlaps.

use std::fmt::Write as _;

use super::font::{self, Face};
use super::label::Label;
use super::markup::Node;
use super::style;

/// Where a label stands relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Clone, Debug, PartialEq)]
struct Span {
    text: String,
    face: Face,
    size: i32,
    /// Height of its baseline above the label's.
    rise: i32,
    /// Move before it; negative where a superscript stands above a subscript.
    kern: i32,
}

/// A label at a size.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLayout {
    spans: Vec<Span>,
    size: i32,
    /// Move after the last span, where a long script was set before a short one.
    trailing: i32,
    pub(super) width: i32,
    /// Signs that the font lacks.
    pub(super) lacking: Vec<char>,
}

/// Sets `label` at `size`.
pub(super) fn set(label: &Label, size: i32) -> TextLayout {
    let mut setting = TextLayout {
        spans: Vec::new(),
        size,
        trailing: 0,
        width: 0,
        lacking: Vec::new(),
    };
    setting.add(&label.nodes, size, 0);
    setting.width += setting.trailing;
    setting
}

impl TextLayout {
    fn add(&mut self, nodes: &[Node], size: i32, rise: i32) {
        for node in nodes {
            match node {
                Node::Run { text, face } => self.span(text, *face, size, rise),
                Node::Accent { sign, face, accent } => self.accented(*sign, *accent, *face, size, rise),
                Node::Scripts { sub, sup, leaning } => {
                    let small = (size * style::SCRIPT / 1000).max(style::SMALLEST.min(size));
                    let lean = if *leaning {
                        size * style::ITALIC_CORRECTION / 1000
                    } else {
                        0
                    };
                    let start = self.position();
                    self.add(sub, small, rise - size * style::SUB_DROP / 1000);
                    let after_sub = self.position();
                    if !sup.is_empty() {
                        self.trailing += start + lean - after_sub;
                        self.add(sup, small, rise + size * style::SUPER_RISE / 1000);
                        self.trailing += (after_sub - self.position()).max(0);
                    }
                }
            }
        }
    }

    /// A sign with an accent above the middle of its ink; a slanted sign's middle moves right on the way up.
    fn accented(&mut self, sign: char, accent: char, face: Face, size: i32, rise: i32) {
        let start = self.position();
        self.span(&sign.to_string(), face, size, rise);
        let end = self.position();
        let [left, _, right, top] = font::ink(sign, face);
        let [accent_left, accent_bottom, accent_right, _] = font::ink(accent, face);
        let lean = if face == Face::Italic {
            style::SLANT * top / 2000
        } else {
            0
        };
        let shift = (left + right - accent_left - accent_right) / 2 + lean;
        self.trailing += start + size * shift / 1000 - end;
        let lift = (top + style::ACCENT_GAP - accent_bottom).max(0);
        self.span(&accent.to_string(), face, size, rise + size * lift / 1000);
        self.trailing += end - self.position();
    }

    fn position(&self) -> i32 {
        self.width + self.trailing
    }

    fn span(&mut self, text: &str, face: Face, size: i32, rise: i32) {
        let kern = std::mem::take(&mut self.trailing);
        self.lacking
            .extend(text.chars().filter(|sign| font::covered(*sign) != *sign));
        let text: String = text.chars().map(font::covered).collect();
        self.width += kern + font::width(&text, face, size);
        self.spans.push(Span {
            text,
            face,
            size,
            rise,
            kern,
        });
    }

    /// How far the label reaches above its baseline.
    pub(super) fn ascent(&self) -> i32 {
        let reach = |span: &Span| span.rise + font::cap_height(span.size);
        self.spans.iter().map(reach).fold(font::cap_height(self.size), i32::max)
    }

    /// How far the label reaches below its baseline.
    pub(super) fn descent(&self) -> i32 {
        let reach = |span: &Span| font::descent(span.size) - span.rise;
        self.spans.iter().map(reach).fold(font::descent(self.size), i32::max)
    }

    /// The label as an SVG text element with its baseline at the point; `upward` turns it to read from bottom to top.
    pub(super) fn svg(&self, (x, y): (i32, i32), anchor: Anchor, upward: bool, colour: style::Rgb) -> String {
        let mut out = String::new();
        // Viewers disagree whether kerning counts when they centre, so a label that has some is placed by its start.
        let kerned = self.trailing != 0 || self.spans.iter().any(|span| span.kern != 0);
        let (back, anchor) = match (kerned, anchor) {
            (true, Anchor::Middle) => (self.width / 2, Anchor::Start),
            (true, Anchor::End) => (self.width, Anchor::Start),
            _ => (0, anchor),
        };
        let (red, green, blue) = colour;
        let place = if upward {
            format!("x=\"{}\" y=\"0\" transform=\"translate({x},{y}) rotate(-90)\"", -back)
        } else {
            format!("x=\"{}\" y=\"{y}\"", x - back)
        };
        let name = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        // Cannot fail: writing to a String never does.
        let _ = write!(
            out,
            "<text {place} text-anchor=\"{name}\" font-size=\"{}\" fill=\"#{red:02X}{green:02X}{blue:02X}\">",
            self.size
        );
        self.write_spans(&mut out);
        out.push_str("</text>\n");
        out
    }

    fn write_spans(&self, out: &mut String) {
        let mut baseline = 0;
        for span in &self.spans {
            out.push_str("<tspan");
            for (name, move_by) in [("dx", span.kern), ("dy", baseline - span.rise)] {
                if move_by != 0 {
                    let _ = write!(out, " {name}=\"{move_by}\"");
                }
            }
            if span.size != self.size {
                let _ = write!(out, " font-size=\"{}\"", span.size);
            }
            out.push_str(match span.face {
                Face::Upright => "",
                Face::Italic => " font-style=\"oblique\"",
                Face::Bold => " font-weight=\"bold\"",
            });
            out.push('>');
            // No viewer collapses no-break spaces.
            out.push_str(&escaped(&span.text.replace(' ', "\u{a0}")));
            out.push_str("</tspan>");
            baseline = span.rise;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(markup: &str) -> Label {
        Label::parse(markup).unwrap()
    }

    #[test]
    fn text_is_escaped() {
        let svg = set(&Label::plain("a<b> & \"c\"\u{1}"), 160).svg((0, 0), Anchor::Start, false, (0, 0, 0));
        assert!(
            svg.contains(">a&lt;b&gt;\u{a0}&amp;\u{a0}\"c\"\u{fffd}</tspan>"),
            "{svg}"
        );
    }

    #[test]
    fn scripts_are_smaller_and_shifted_and_the_baseline_returns() {
        let setting = set(&parse("$N_p$x"), 1000);
        let shape: Vec<_> = setting
            .spans
            .iter()
            .map(|span| (span.text.as_str(), span.size, span.rise))
            .collect();
        assert_eq!(shape, [("N", 1000, 0), ("p", 740, -200), ("x", 1000, 0)]);
        let svg = setting.svg((0, 0), Anchor::Start, false, (0, 0, 0));
        assert!(svg.contains("dy=\"200\"") && svg.contains("dy=\"-200\""), "{svg}");
    }

    #[test]
    fn stacked_scripts_start_together_and_the_longer_one_sets_the_width() {
        let base = set(&parse(r"$\mathrm{V}$"), 1000).width;
        let wide = font::width("mmmm", Face::Upright, 740);
        for markup in [r"$\mathrm{V}_{\mathrm{mmmm}}^2$", r"$\mathrm{V}_2^{\mathrm{mmmm}}$"] {
            assert_eq!(set(&parse(markup), 1000).width, base + wide, "{markup}");
        }
    }

    #[test]
    fn scripts_never_fall_below_the_print_floor() {
        let setting = set(&parse("$a^{b^{c^d}}$"), style::TICK_LABEL);
        assert!(setting.spans.iter().all(|span| span.size >= style::SMALLEST));
    }

    #[test]
    fn an_accent_stands_above_its_sign_and_takes_no_width() {
        for (plain, accented) in [("$x$", r"$\hat x$"), (r"$\theta$", r"$\hat\theta$")] {
            let (plain, accented) = (set(&parse(plain), 1000), set(&parse(accented), 1000));
            assert_eq!(plain.width, accented.width);
            let [_, _, _, top] = font::ink(plain.spans[0].text.chars().next().unwrap(), Face::Italic);
            let [_, foot, ..] = font::ink('\u{2c6}', Face::Italic);
            assert!(accented.spans[1].rise + foot >= top, "the accent touches its sign");
        }
    }

    #[test]
    fn signs_that_the_font_lacks_are_replaced_not_passed_on() {
        // A combining mark, a joiner, a control character and a sign of another script.
        let setting = set(&Label::plain("e\u{301}\u{200d}\u{1}\u{4e2d}"), 160);
        assert_eq!(setting.spans[0].text, "e\u{fffd}\u{fffd}\u{fffd}\u{fffd}");
    }

    #[test]
    fn an_empty_label_takes_no_width() {
        assert_eq!(set(&Label::plain(""), 160).width, 0);
    }
}
