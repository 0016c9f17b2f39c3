//! The embedded font: three faces of DejaVu Sans and their advance widths.
//!
//! Widths are integers of the font file, so a layout cannot differ between machines. Nothing here looks for system fonts.

use std::sync::LazyLock;

use ttf_parser::Face as Parsed;

use super::style;

/// A face of the family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Upright,
    Italic,
    Bold,
}

pub(super) const UPRIGHT: &[u8] = include_bytes!("../../../assets/fonts/DejaVuSans.ttf");
pub(super) const ITALIC: &[u8] = include_bytes!("../../../assets/fonts/DejaVuSans-Oblique.ttf");
pub(super) const BOLD: &[u8] = include_bytes!("../../../assets/fonts/DejaVuSans-Bold.ttf");

static PARSED: LazyLock<[Parsed<'static>; 3]> = LazyLock::new(|| {
    // Cannot fail: the bytes are part of the program, and a test parses them.
    [UPRIGHT, ITALIC, BOLD].map(|bytes| Parsed::parse(bytes, 0).expect("embedded font parses"))
});

/// The sign itself where the font has it, else the sign of replacement. Combining marks and joiners are left out of the font on purpose:
/// signs that merge would be measured wrongly, and the rasteriser fails on them when faces mix.
pub(super) fn covered(sign: char) -> char {
    if PARSED[0].glyph_index(sign).is_some() {
        sign
    } else {
        '\u{fffd}'
    }
}

/// The box around a sign's ink, in thousandths of the size: left, bottom, right, top.
pub(super) fn ink(sign: char, face: Face) -> [i32; 4] {
    let font = &PARSED[face as usize];
    let ink = font.glyph_index(sign).and_then(|glyph| font.glyph_bounding_box(glyph));
    let thousandths = |part: i16| i32::from(part) * 1000 / i32::from(font.units_per_em());
    ink.map_or([0; 4], |ink| {
        [ink.x_min, ink.y_min, ink.x_max, ink.y_max].map(thousandths)
    })
}

/// Width of `text` set at `size`, rounded to the nearest unit.
pub(super) fn width(text: &str, face: Face, size: i32) -> i32 {
    let font = &PARSED[face as usize];
    let advance: i64 = text
        .chars()
        .map(|letter| {
            let glyph = font.glyph_index(letter).unwrap_or_default();
            i64::from(font.glyph_hor_advance(glyph).unwrap_or_default())
        })
        .sum();
    let per_em = i64::from(font.units_per_em());
    ((advance * i64::from(size) + per_em / 2) / per_em) as i32
}

/// Height of a capital above the baseline.
pub(super) const fn cap_height(size: i32) -> i32 {
    size * style::CAP_HEIGHT / 1000
}

/// Depth of a descender below the baseline.
pub(super) const fn descent(size: i32) -> i32 {
    size * style::DESCENT / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font_file() {
        // Advance widths of DejaVu Sans: V 1401, minus 1716, of 2048 units per em.
        assert_eq!(width("V", Face::Upright, 2048), 1401);
        assert_eq!(width("V\u{2212}", Face::Upright, 2048), 3117);
        assert_eq!(width("V\u{2212}", Face::Upright, 1024), 1559);
        assert!(width("V", Face::Bold, 2048) > 1401);
    }

    #[test]
    fn every_face_has_the_signs_that_figures_use() {
        for face in [Face::Upright, Face::Italic, Face::Bold] {
            for sign in
                "aZ09\u{2212}\u{d7}\u{b1}\u{22c6}\u{3b1}\u{3c9}\u{3a9}\u{2264}\u{2248}\u{2009}\u{a0}\u{2c6}\u{211d}"
                    .chars()
            {
                assert!(
                    PARSED[face as usize].glyph_index(sign).is_some(),
                    "{face:?} lacks {sign:?}"
                );
            }
        }
    }
}
