//! Owns the horizontal axis of line figures: its scale, and the places between rows at which a curve is worked out.
//!
//! A figure joins only values between which there is nothing, so a curve is asked for every whole number of its axis or, where these are
//! more than can be told apart, for as many as can.

use super::spec::Line;
use crate::experiment::table::{ColumnRef, RowRef};
use crate::experiment::validated::Experiment;
use crate::numerics::elementary::{exp, ln};
use crate::numerics::scale::{NEAR, Scale, extent, factor};

/// Distance of the places asked for, as a share of the axis: a little less than what is joined.
const STEP: f64 = 0.8 * NEAR;

/// The horizontal axis of a panel.
pub struct LineAxis<'a> {
    experiment: &'a Experiment,
    column: ColumnRef,
    /// The key under it; `at` for the place of an estimand.
    pub key: &'a str,
    /// How numbers stand on it.
    pub scale: Scale,
    /// From the first to the last row, in positions of the scale.
    span: f64,
    /// Whether only whole numbers stand on it.
    pub counted: bool,
}

impl Line {
    /// The axis of a panel of `rows`; its scale suits `all` rows of the figure, so that panels can be compared.
    pub fn axis<'a>(&self, experiment: &'a Experiment, rows: &[RowRef], all: &[RowRef]) -> LineAxis<'a> {
        let number = |&row: &RowRef| self.x.number(experiment, row);
        let scale = self
            .x_scale
            .unwrap_or_else(|| chosen(&all.iter().filter_map(number).collect::<Vec<f64>>()));
        let xs: Vec<f64> = rows.iter().filter_map(number).collect();
        let (low, high) = extent(xs.iter().map(|x| scale.position(*x))).unwrap_or_default();
        let (key, counted) = match self.x {
            ColumnRef::Key(index) => {
                let column = &experiment.columns[index];
                (column.key.as_str(), column.counted)
            }
            ColumnRef::At => ("at", xs.iter().all(|x| x.fract() == 0.0)),
        };
        LineAxis {
            experiment,
            column: self.x,
            key,
            scale,
            span: high - low,
            counted,
        }
    }
}

/// The scale for these values, where none is stated.
fn chosen(xs: &[f64]) -> Scale {
    let power_of_two = |x: &f64| *x >= 1.0 && x.fract() == 0.0 && *x < 1e9 && (*x as u64).is_power_of_two();
    let count = |x: &f64| *x >= 0.0 && x.fract() == 0.0;
    if xs.iter().all(power_of_two) && factor(xs) >= 4.0 {
        Scale::Log2
    } else if factor(xs) >= 20.0 {
        Scale::Log10
    } else if xs.contains(&0.0) && xs.iter().all(count) && xs.iter().any(|x| *x >= 20.0) {
        Scale::Log1p
    } else {
        Scale::Linear
    }
}

impl LineAxis<'_> {
    /// Places between two others: whole numbers where only these stand on the axis.
    pub fn between(&self, from: f64, to: f64) -> Vec<f64> {
        match self.counted {
            true => self.whole_between(from, to).into_iter().map(f64::from).collect(),
            false => self.any_between(from, to),
        }
    }

    /// Where a row stands.
    pub fn x(&self, row: RowRef) -> Option<f64> {
        self.column.number(self.experiment, row)
    }

    /// Rows in the order of the axis.
    pub fn ascending(&self, rows: &[RowRef]) -> Vec<RowRef> {
        let mut rows = rows.to_vec();
        let x = |row: RowRef| self.x(row).unwrap_or(f64::NAN);
        rows.sort_by(|&a, &b| x(a).total_cmp(&x(b)));
        rows
    }

    /// Whether two rows differ on this axis alone, so that what lies between them on it lies on one curve.
    pub fn along(&self, from: RowRef, to: RowRef) -> bool {
        let own = |index: usize| matches!(self.column, ColumnRef::Key(key) if key == index);
        let columns = self.experiment.columns.iter().enumerate();
        let mut others = columns.filter(|(index, column)| !own(*index) && !column.derived);
        let cells = |row| self.experiment.cells(row);
        others.all(|(index, _)| cells(from)[index].text == cells(to)[index].text)
            && (self.column == ColumnRef::At || self.experiment.estimand(from).at == self.experiment.estimand(to).at)
    }

    /// Whole numbers between two others: every one, or so many of them that more could not be told apart.
    pub fn whole_between(&self, from: f64, to: f64) -> Vec<u32> {
        let (Ok(mut last), Ok(to)) = (exact_u32(from), exact_u32(to)) else {
            return Vec::new();
        };
        let position = |place: u32| self.scale.position(f64::from(place));
        let mut places = Vec::new();
        while last + 1 < to {
            let (start, mut near, mut far) = (position(last), last + 1, to);
            while far - near > 1 {
                let middle = near + (far - near) / 2;
                if position(middle) - start <= STEP * self.span {
                    near = middle;
                } else {
                    far = middle;
                }
            }
            if near < to {
                places.push(near);
            }
            last = near;
        }
        places
    }

    /// Places between two others on an axis of any numbers.
    fn any_between(&self, from: f64, to: f64) -> Vec<f64> {
        let (start, end) = (self.scale.position(from), self.scale.position(to));
        let parts = ((end - start) / (STEP * self.span)).ceil();
        let at = |part: u32| {
            let share = f64::from(part) / parts;
            match self.scale {
                Scale::Linear => from + (to - from) * share,
                Scale::Log10 | Scale::Log2 => exp(ln(from) + (ln(to) - ln(from)) * share),
                Scale::Log1p => exp(ln(1.0 + from) + (ln(1.0 + to) - ln(1.0 + from)) * share) - 1.0,
            }
        };
        // At most 1 / STEP, for no two rows are further apart than all of them.
        (1..parts as u32).map(at).collect()
    }
}

/// A number that is a count.
fn exact_u32(x: f64) -> Result<u32, ()> {
    let whole = x.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&x);
    whole.then_some(x as u32).ok_or(())
}
