//! Which values of an axis carry ticks, and how their labels read.
//!
//! The end of an axis gets its label whenever it is a round value of the scale, which ready-made log axes tend to drop.

use super::label::Label;
use super::scale::{Range, decade, octave};
use crate::numerics::elementary::log10;
use crate::numerics::scale::Scale;

static DIGITS: [i64; 9] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/// Octaves whose labels are plain decimals: an eighth to 65 536.
const PLAIN_OCTAVES: std::ops::RangeInclusive<i32> = -3..=16;

/// Which values of an axis are labelled.
#[derive(Clone, Debug, PartialEq)]
pub enum Ticks {
    /// Round values that fit the length of the axis.
    Auto,
    /// These values, and the axis reaches to all of them.
    Listed(Vec<f64>),
}

/// A mark on an axis; minor marks have no label.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) value: f64,
    pub(super) label: Option<Label>,
}

impl Tick {
    pub(super) fn major(value: f64, label: Label) -> Self {
        Self {
            value,
            label: Some(label),
        }
    }

    fn minor(value: f64) -> Self {
        Self { value, label: None }
    }
}

/// The ticks of `range`, with about `room` labels at most.
pub(super) fn ticks(which: &Ticks, range: &Range, room: i32) -> Vec<Tick> {
    let room = room.max(2);
    match (which, range.scale) {
        (Ticks::Listed(values), scale) => listed(values, scale),
        (Ticks::Auto, Scale::Linear) => linear(range.low, range.high, room),
        (Ticks::Auto, Scale::Log10) => decades(range, room),
        (Ticks::Auto, Scale::Log2) => octaves(range, room),
        (Ticks::Auto, Scale::Log1p) => from_zero(range, room),
    }
}

/// A round step: 1, 2 or 5 times a power of ten.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    factor: i64,
    exponent: i32,
}

impl Step {
    /// The value of `count` steps, as the double nearest to its decimal.
    fn times(self, count: i64) -> f64 {
        // Cannot fail: digits, an e and an integer always parse.
        format!("{}e{}", count * self.factor, self.exponent)
            .parse()
            .expect("a decimal parses")
    }

    /// The finest round step of which at most `room` multiples lie between `low` and `high`.
    fn fitting(low: f64, high: f64, room: i32) -> Self {
        let raw = (high - low) / f64::from(room);
        let mut exponent = log10(raw).floor() as i32 - 1;
        loop {
            for factor in [1, 2, 5] {
                let step = Self { factor, exponent };
                let (first, last) = step.multiples(low, high);
                if last - first < i64::from(room) {
                    return step;
                }
            }
            exponent += 1;
        }
    }

    /// The first and last multiple between `low` and `high`, up to rounding.
    fn multiples(self, low: f64, high: f64) -> (i64, i64) {
        let step = self.times(1);
        ((low / step - 1e-6).ceil() as i64, (high / step + 1e-6).floor() as i64)
    }
}

fn linear(low: f64, high: f64, room: i32) -> Vec<Tick> {
    let step = Step::fitting(low, high, room);
    let (first, last) = step.multiples(low, high);
    let greatest = low.abs().max(high.abs());
    (first..=last)
        .map(|count| Tick::major(step.times(count), linear_label(step, count, greatest)))
        .collect()
}

fn linear_label(step: Step, count: i64, greatest: f64) -> Label {
    if count == 0 {
        return Label::number("0");
    }
    if (1e-4..1e6).contains(&greatest) && step.exponent >= -6 {
        let decimals = usize::try_from(-step.exponent).unwrap_or(0);
        return Label::number(&format!("{:.decimals$}", step.times(count)));
    }
    // Very large or small: digits and a shared power of ten.
    let power = log10(greatest).floor() as i32;
    let decimals = usize::try_from(power - step.exponent).unwrap_or(0);
    let digits = Step {
        factor: step.factor,
        exponent: step.exponent - power,
    }
    .times(count);
    Label::power(&format!("{digits:.decimals$}").replace('-', "\u{2212}"), 10, power)
}

/// The first and last whole position of the range, where their powers are normal numbers.
fn whole(range: &Range, greatest: i32) -> (i32, i32) {
    let first = (range.low - 1e-9).ceil() as i32;
    let last = (range.high + 1e-9).floor() as i32;
    (first.max(-greatest), last.min(greatest))
}

fn decades(range: &Range, room: i32) -> Vec<Tick> {
    let (first, last) = whole(range, 307);
    if last - first < 1 {
        return within_a_decade(range, room);
    }
    let stride = stride(last - first + 1, room);
    let mut ticks: Vec<Tick> = (first..=last)
        .map(|exponent| match (exponent - first) % stride {
            0 => Tick::major(decade(exponent), Label::power("", 10, exponent)),
            _ => Tick::minor(decade(exponent)),
        })
        .collect();
    // Between widely spaced decades the multiples would be a grey smear.
    if last - first < 10 {
        ticks.extend(multiples(range, &DIGITS[1..]).map(|(value, _)| Tick::minor(value)));
    }
    ticks
}

/// Fewer than two decades: their round multiples are labelled, the coarsest set that gives at least three.
fn within_a_decade(range: &Range, room: i32) -> Vec<Tick> {
    let sets = [&[1, 2, 5][..], &[1, 2, 3, 5, 7][..], &DIGITS[..]];
    let fits = |set: &&[i64]| (3..=room as usize).contains(&multiples(range, set).count());
    match sets.into_iter().find(fits) {
        Some(labelled) => marks(multiples(range, &DIGITS), |step| labelled.contains(&step.factor)),
        None => nearly_linear(range, 0.0, room),
    }
}

/// The ticks of an axis so narrow that it is nearly linear; positions are those of the values after `added`.
fn nearly_linear(range: &Range, added: f64, room: i32) -> Vec<Tick> {
    let [low, high] = [range.low, range.high].map(|end| power_of_ten(end) - added);
    let ticks = linear(low, high, room).into_iter();
    ticks.filter(|tick| range.contains(tick.value)).collect()
}

/// `10^position` by bisection, for want of a portable power function that would be needed nowhere else.
fn power_of_ten(position: f64) -> f64 {
    let (mut low, mut high) = (decade(position.floor() as i32), decade(position.floor() as i32 + 1));
    for _ in 0..60 {
        let middle = low + (high - low) / 2.0;
        match log10(middle) < position {
            true => low = middle,
            false => high = middle,
        }
    }
    low
}

/// The values `factor * 10^exponent` in the range, in order.
fn multiples<'a>(range: &'a Range, factors: &'a [i64]) -> impl Iterator<Item = (f64, Step)> + 'a {
    let exponents = range.low.floor() as i32..=range.high.floor() as i32;
    let steps = exponents.flat_map(move |exponent| factors.iter().map(move |&factor| Step { factor, exponent }));
    let values = steps.map(|step| (step.times(1), step));
    values.filter(|(value, _)| range.contains(*value))
}

/// Ticks at these multiples, some of them labelled.
fn marks(multiples: impl Iterator<Item = (f64, Step)>, is_labelled: impl Fn(Step) -> bool) -> Vec<Tick> {
    let tick = |(value, step)| match is_labelled(step) {
        true => Tick::major(value, multiple_label(step)),
        false => Tick::minor(value),
    };
    multiples.map(tick).collect()
}

fn multiple_label(step: Step) -> Label {
    match step.exponent {
        -3..=3 => {
            let decimals = usize::try_from(-step.exponent).unwrap_or(0);
            Label::number(&format!("{:.decimals$}", step.times(1)))
        }
        exponent if step.factor == 1 => Label::power("", 10, exponent),
        exponent => Label::power(&step.factor.to_string(), 10, exponent),
    }
}

fn octaves(range: &Range, room: i32) -> Vec<Tick> {
    let (first, last) = whole(range, 1020);
    if last <= first {
        return within_a_decade(&as_decades(range), room);
    }
    let stride = stride(last - first + 1, room);
    let plain = PLAIN_OCTAVES.contains(&first) && PLAIN_OCTAVES.contains(&last);
    let label = |exponent: i32| match plain {
        true => Label::number(&octave(exponent).to_string()),
        false => Label::power("", 2, exponent),
    };
    let tick = |exponent: i32| match (exponent - first) % stride {
        0 => Tick::major(octave(exponent), label(exponent)),
        _ => Tick::minor(octave(exponent)),
    };
    (first..=last).map(tick).collect()
}

/// Counts from 0: 1, 2 and 5 times powers of ten are labelled where they fit, else powers alone.
fn from_zero(range: &Range, room: i32) -> Vec<Tick> {
    if range.high - range.low < 1.0 {
        return nearly_linear(range, 1.0, room);
    }
    let counts = |factors: &'static [i64]| multiples(range, factors).filter(|(value, _)| *value >= 1.0);
    let decades = counts(&[1]).count() as i32;
    let all_fit = (counts(&[1, 2, 5]).count() as i32) < room;
    let stride = stride(decades, room - 1);
    let first = counts(&[1]).next().map_or(0, |(_, step)| step.exponent);
    let is_labelled = |step: Step| match all_fit {
        true => matches!(step.factor, 1 | 2 | 5),
        false => step.factor == 1 && (step.exponent - first) % stride == 0,
    };
    let shown = if decades < 10 { &DIGITS[..] } else { &DIGITS[..1] };
    let mut ticks = marks(counts(shown), is_labelled);
    ticks.splice(..0, range.contains(0.0).then(|| Tick::major(0.0, Label::number("0"))));
    ticks
}

/// The same stretch in base ten, for axes too short to hold two powers of two.
fn as_decades(range: &Range) -> Range {
    let octave = log10(2.0);
    Range::new(Scale::Log10, range.low * octave, range.high * octave)
}

/// The least stride with at most `room` labels, or a slightly longer one that also labels the last of `count`.
pub(super) fn stride(count: i32, room: i32) -> i32 {
    let least = ((count + room - 1) / room.max(1)).max(1);
    (least..=2 * least)
        .find(|stride| (count - 1) % stride == 0)
        .unwrap_or(least)
}

fn listed(values: &[f64], scale: Scale) -> Vec<Tick> {
    values
        .iter()
        .filter(|value| scale.holds(**value))
        .map(|value| Tick::major(*value, listed_label(*value)))
        .collect()
}

/// A number in its shortest decimal form, or with a power of ten where that is shorter to read.
pub(super) fn listed_label(value: f64) -> Label {
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-4..1e6).contains(&magnitude) {
        return Label::number(&value.to_string());
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some(("1", power)) => Label::power("", 10, power.parse().unwrap_or_default()),
        Some((digits, power)) => Label::power(&digits.replace('-', "\u{2212}"), 10, power.parse().unwrap_or_default()),
        None => Label::number(&text),
    }
}

#[cfg(test)]
#[path = "ticks_tests.rs"]
mod tests;
