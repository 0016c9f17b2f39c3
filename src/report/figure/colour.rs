//! Colour scales: from values to colours, and the colour bar that says which is which.

use super::axes::AxisLayout;
use super::canvas::{Canvas, Frame};
use super::label::Label;
use super::scale::Range;
use super::style::{self, Rgb};
use super::ticks::{self, Tick, Ticks};
use crate::numerics::scale::Scale;
use crate::numerics::text::short;

/// Below this brightness (of 255) text on a colour is white: near where white and black stand out equally.
const DARK: u32 = 115;

/// The two families of colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Colours {
    /// From dark to light.
    Sequential,
    /// White at the centre, blue below, red above, equally far on both sides.
    Diverging {
        /// The value that is white.
        centre: f64,
        /// How far the colours reach on both sides; none: as far as the values.
        margin: Option<f64>,
    },
}

/// A map from values to colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ColourScale {
    pub(super) range: Range,
    map: &'static [Rgb],
    /// The ends of the range, where these are stated.
    ends: Option<[f64; 2]>,
    /// Whether values lie below the range, and above it.
    beyond: [bool; 2],
}

impl ColourScale {
    /// The scale that spans these values.
    pub(super) fn new(colours: Colours, scale: Scale, values: impl Iterator<Item = f64>) -> Self {
        let tight = Range::tight(scale, values);
        let (range, map) = match colours {
            Colours::Diverging { centre, margin } => (around(tight, centre, margin), &style::DIVERGING[..]),
            Colours::Sequential => (tight, &style::SEQUENTIAL[..]),
        };
        let ends = match colours {
            Colours::Diverging { centre, margin } => margin.map(|margin| match scale {
                Scale::Linear => [centre - margin, centre + margin],
                _ => [centre * centre / (centre + margin), centre + margin],
            }),
            Colours::Sequential => None,
        };
        Self {
            range,
            map,
            ends,
            beyond: [tight.low < range.low, tight.high > range.high],
        }
    }

    /// Colour of a value that the scale holds.
    pub(super) fn colour(&self, value: f64) -> Rgb {
        self.at(self.range.share(value))
    }

    /// Ticks at the stated ends, with a sign where values lie beyond, and round ones that do not touch them.
    fn stated(&self, ends: [f64; 2], room: i32) -> Vec<Tick> {
        let mut ticks = ticks::ticks(&Ticks::Auto, &self.range, room);
        let clear = 1.0 / f64::from(room.max(2));
        ticks.retain(|tick| (0.5 * clear..=1.0 - 0.5 * clear).contains(&self.range.share(tick.value)));
        for ((end, sign), beyond) in ends
            .into_iter()
            .zip(["\u{2264}\u{2009}", "\u{2265}\u{2009}"])
            .zip(self.beyond)
        {
            let text = format!("{}{}", if beyond { sign } else { "" }, short(end));
            ticks.push(Tick::major(end, Label::number(&text)));
        }
        ticks
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

/// The range with `centre` in its middle that reaches as far as the margin, or the least that holds another.
fn around(range: Range, centre: f64, margin: Option<f64>) -> Range {
    let middle = range.scale.position(centre);
    let half = match margin {
        Some(margin) => range.scale.position(centre + margin) - middle,
        None => (range.high - middle).abs().max((middle - range.low).abs()),
    };
    Range::new(range.scale, middle - half, middle + half)
}

/// A colour bar: the colours of a scale with ticks and a name.
#[derive(Debug, PartialEq)]
pub struct ColourBar {
    scale: ColourScale,
    ruler: AxisLayout,
}

impl ColourBar {
    /// A bar of about that height.
    pub(super) fn new(scale: ColourScale, name: &Label, height: i32) -> Self {
        let room = (height / style::TICK_ROOM_BAR).min(style::MOST_TICKS_BAR);
        let ticks = match scale.ends {
            Some(ends) => scale.stated(ends, room),
            None => ticks::ticks(&Ticks::Auto, &scale.range, room),
        };
        Self {
            scale,
            ruler: AxisLayout::numeric(AxisLayout::name(name, height), &scale.range, &ticks),
        }
    }

    /// Room right of the panels.
    pub(super) fn breadth(&self) -> i32 {
        style::COLOUR_BAR_GAP + style::COLOUR_BAR + self.ruler.breadth()
    }

    /// Draws the bar right of `beside` and as high.
    pub(super) fn draw(&self, canvas: &mut Canvas, beside: Frame) {
        let left = beside.right + style::COLOUR_BAR_GAP;
        let bar = Frame::between((left, beside.top), (left + style::COLOUR_BAR, beside.bottom));
        let slices = style::COLOUR_BAR_SLICES;
        let top_of = |slice: i32| bar.bottom - (i64::from(bar.height()) * i64::from(slice) / i64::from(slices)) as i32;
        for slice in (0..slices).rev() {
            let share = (f64::from(slice) + 0.5) / f64::from(slices);
            // Each slice reaches down to the foot, so that viewers cannot show seams between them.
            let top = top_of(slice + 1);
            canvas.fill(Frame { top, ..bar }, self.scale.at(share));
        }
        canvas.outline(bar, style::FRAME_STROKE, style::FRAME);
        self.ruler.right(canvas, bar)
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

    #[test]
    fn the_centre_is_white_and_both_sides_reach_equally_far() {
        let colours = Colours::Diverging {
            centre: 1.0,
            margin: None,
        };
        let scale = ColourScale::new(colours, Scale::Linear, [0.99, 1.03].into_iter());
        assert_eq!(scale.colour(1.0), (0xF7, 0xF7, 0xF7));
        assert_eq!(scale.colour(1.03), style::DIVERGING[8]);
        assert!((scale.range.low - 0.97).abs() < 1e-12);
    }

    /// Noise of a hundredth filled the whole scale.
    #[test]
    fn a_stated_margin_is_the_range_and_its_ends_say_what_lies_beyond() {
        let colours = Colours::Diverging {
            centre: 1.0,
            margin: Some(0.05),
        };
        let scale = ColourScale::new(colours, Scale::Linear, [0.99, 1.2].into_iter());
        assert_eq!(scale.colour(1.05), style::DIVERGING[8]);
        assert_eq!(scale.colour(1.2), style::DIVERGING[8]);
        let noise = scale.colour(0.99);
        assert!(
            [noise.0, noise.1, noise.2].iter().all(|part| *part > 0xD0),
            "{noise:?} is no structure"
        );
        let ticks = scale.stated([0.95, 1.05], 6);
        let said = |value: f64| {
            ticks
                .iter()
                .find(|tick| tick.value == value)?
                .label
                .as_ref()
                .map(Label::spoken)
        };
        assert_eq!(said(0.95).unwrap(), "0.95");
        assert_eq!(said(1.05).unwrap(), "\u{2265}\u{2009}1.05");
        assert!(ticks.windows(2).all(|pair| pair[0].value != pair[1].value));
    }

    #[test]
    fn a_sequential_scale_runs_over_all_values() {
        let scale = ColourScale::new(Colours::Sequential, Scale::Linear, [6.0, 2.0].into_iter());
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
