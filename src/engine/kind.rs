//! Owns what measures and estimands are called and mean. A study states each of its own once, as static data; names in files, help
//! texts, labels of figures and advice all come from there.

/// A statistic that a study can take, and what is estimated of it.
#[derive(Debug)]
pub struct MeasureKind {
    /// Its name in files.
    pub name: &'static str,
    /// Its meaning with unit and range.
    pub about: &'static str,
    /// Its estimands, all that it can have, in row order.
    pub estimands: &'static [EstimandKind],
}

/// What is asked of a statistic, whichever it is: `variance` in `mode-mass.variance`.
#[derive(Debug)]
pub struct Quantity {
    /// The part of an estimand's name after the measure.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub meaning: &'static str,
    /// How it is computed from replicates, and its exact value.
    pub formula: &'static str,
    /// Its unit and range.
    pub unit: &'static str,
    /// Where the formula comes from.
    pub source: &'static str,
}

/// What the places are that an estimand stands at.
#[derive(Debug)]
pub struct Places {
    /// The name of an axis of them.
    pub label: &'static str,
    /// Where such an axis is marked; empty where that follows from the values.
    pub ticks: &'static [f64],
    /// Whether the values are those of a distribution function, which has no slope to read off between two places.
    pub distribution: bool,
}

/// An estimand of a measure, whatever its arms.
#[derive(Debug, Clone, Copy)]
pub struct EstimandKind {
    /// `measure.quantity`, for instance `mode-mass.variance`.
    pub name: &'static str,
    /// Its name in figures, with symbols in markup.
    pub label: &'static str,
    /// The same beside others of its measure.
    pub short: &'static str,
    /// What is asked of the measure.
    pub quantity: &'static Quantity,
    /// What `at` holds, where it stands at places.
    pub at: Option<&'static Places>,
    /// The estimand of the same arm whose exact value is its floor, where it has one.
    pub floor: Option<&'static str>,
    /// The estimand of the same arm whose exact value is a bound among its places, where it has one.
    pub bound: Option<&'static str>,
    /// What a file that has none lacks although it takes the measure, in words that can follow `needs`; none where every arm has one.
    pub needs: Option<&'static str>,
}

impl EstimandKind {
    /// One that every arm has once, with no floor or bound.
    pub const fn new(name: &'static str, label: &'static str, quantity: &'static Quantity) -> Self {
        Self {
            name,
            label,
            short: quantity.name,
            quantity,
            at: None,
            floor: None,
            bound: None,
            needs: None,
        }
    }

    /// The name of its measure.
    pub fn measure(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(measure, _)| measure)
    }
}

/// The arms that an estimand is a function of: failures of these, and of no others, are charged to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Of {
    /// One.
    Arm(usize),
    /// One compared with another on the same draws: its row shows the settings of the first.
    Contrast {
        /// The one.
        arm: usize,
        /// The other.
        versus: usize,
    },
    /// One measured by others on the same draws: its row shows its own settings.
    Beside {
        /// The one.
        arm: usize,
        /// The others.
        others: Vec<usize>,
    },
    /// Several, of which none is the first.
    Arms(Vec<usize>),
}

impl Of {
    /// All of them, each once.
    pub fn arms(&self) -> Vec<usize> {
        match self {
            Of::Arm(arm) => vec![*arm],
            Of::Contrast { arm, versus } if arm == versus => vec![*arm],
            Of::Contrast { arm, versus } => vec![*arm, *versus],
            Of::Beside { arm, others } => [&[*arm][..], others].concat(),
            Of::Arms(arms) => arms.clone(),
        }
    }

    /// The arm whose settings its row shows.
    pub fn shown(&self) -> Option<usize> {
        match self {
            Of::Arm(arm) | Of::Contrast { arm, .. } | Of::Beside { arm, .. } => Some(*arm),
            Of::Arms(_) => None,
        }
    }
}
