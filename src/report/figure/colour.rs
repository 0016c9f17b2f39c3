//! Colour scales of heat maps: from values to colours, and the range that a colour bar spans.

use super::model::{Colours, HeatPanel, Scale};
use super::scale::Range;
use super::style::{self, Rgb};

/// Below this brightness (of 255) text on a colour is white: near where white and black stand out equally.
const DARK: u32 = 115;

/// A map from values to colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ColourScale {
    pub(super) range: Range,
    map: &'static [Rgb],
}

impl ColourScale {
    /// The scale of panels that share a colour bar.
    pub(super) fn of(panels: &[&HeatPanel]) -> Self {
        let logarithmic = panels.iter().any(|panel| panel.logarithmic);
        let scale = if logarithmic { Scale::Log10 } else { Scale::Linear };
        let values = panels.iter().flat_map(|panel| panel.values.iter().copied().flatten());
        let range = Range::tight(scale, values);
        match panels.first().map(|panel| panel.colours) {
            Some(Colours::Diverging { centre }) => Self {
                range: around(range, centre),
                map: &style::DIVERGING,
            },
            _ => Self {
                range,
                map: &style::SEQUENTIAL,
            },
        }
    }

    /// Colour of a value that the scale holds.
    pub(super) fn colour(&self, value: f64) -> Rgb {
        self.at(self.range.share(value))
    }

    /// Colour at a share of the range.
    pub(super) fn at(&self, share: f64) -> Rgb {
        let place = share.clamp(0.0, 1.0) * (self.map.len() - 1) as f64;
        let index = (place as usize).min(self.map.len() - 2);
        let part = place - index as f64;
        let (from, to) = (self.map[index], self.map[index + 1]);
        let mix = |from: u8, to: u8| (f64::from(from) + part * (f64::from(to) - f64::from(from))).round() as u8;
        (mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
    }
}

/// The least range that holds another and has `centre` in its middle.
fn around(range: Range, centre: f64) -> Range {
    let middle = range.scale.position(centre);
    let half = (range.high - middle).abs().max((middle - range.low).abs());
    Range {
        low: middle - half,
        high: middle + half,
        ..range
    }
}

/// A colour mixed with paper: `share` per mille of it.
pub(super) fn tint((red, green, blue): Rgb, share: i32) -> Rgb {
    let mix = |part: u8, paper: u8| {
        let mixed = (i32::from(part) * share + i32::from(paper) * (1000 - share) + 500) / 1000;
        // Cannot fail: a mean of two bytes is a byte.
        u8::try_from(mixed).unwrap_or(paper)
    };
    let paper = style::PAPER;
    (mix(red, paper.0), mix(green, paper.1), mix(blue, paper.2))
}

/// White or black, whichever can be read on the colour.
pub(super) fn ink_on((red, green, blue): Rgb) -> Rgb {
    let brightness = (299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000;
    if brightness < DARK { style::PAPER } else { style::INK }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figure::Label;

    fn panel(values: &[f64], colours: Colours) -> HeatPanel {
        HeatPanel {
            x_label: Label::plain("x"),
            x: vec![Label::plain("a"); values.len()],
            y_label: Label::plain("y"),
            y: vec![Label::plain("b")],
            values: values.iter().copied().map(Some).collect(),
            value: Label::plain("value"),
            colours,
            logarithmic: false,
            printed: false,
        }
    }

    #[test]
    fn the_centre_is_white_and_both_sides_reach_equally_far() {
        let panel = panel(&[0.99, 1.03], Colours::Diverging { centre: 1.0 });
        let scale = ColourScale::of(&[&panel]);
        assert_eq!(scale.colour(1.0), (0xF7, 0xF7, 0xF7));
        assert_eq!(scale.colour(1.03), style::DIVERGING[8]);
        assert!((scale.range.low - 0.97).abs() < 1e-12);
    }

    #[test]
    fn a_sequential_scale_runs_over_the_values_of_all_panels() {
        let (low, high) = (panel(&[2.0], Colours::Sequential), panel(&[6.0], Colours::Sequential));
        let scale = ColourScale::of(&[&low, &high]);
        assert_eq!(scale.colour(2.0), style::SEQUENTIAL[0]);
        assert_eq!(scale.colour(6.0), style::SEQUENTIAL[9]);
    }

    #[test]
    fn a_tint_runs_from_paper_to_the_colour() {
        assert_eq!(tint((10, 20, 30), 1000), (10, 20, 30));
        assert_eq!(tint((10, 20, 30), 0), style::PAPER);
        assert_eq!(tint((0, 0, 0), 500), (128, 128, 128));
    }

    #[test]
    fn text_is_white_on_dark_and_black_on_light() {
        assert_eq!(ink_on(style::SEQUENTIAL[0]), style::PAPER);
        assert_eq!(ink_on(style::SEQUENTIAL[9]), style::INK);
    }
}
