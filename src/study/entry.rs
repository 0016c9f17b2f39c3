//! Owns the form in which a study states its measures: each in one entry, with its name, its meaning, what is estimated of it, and how
//! the study works that out.

use crate::engine::{EstimandKind, Places, Quantity};

/// A quantity: what people are told of it, and how its study works it out.
pub struct Asked<How> {
    pub quantity: Quantity,
    pub how: How,
}

/// An estimand of a measure, beside its quantity.
pub struct Entry<How: 'static> {
    pub kind: EstimandKind,
    pub asked: &'static Asked<How>,
}

impl<How> Entry<How> {
    /// One that every arm has once, with no floor or bound; its name is `measure.quantity`.
    pub const fn new(name: &'static str, label: &'static str, asked: &'static Asked<How>) -> Self {
        let kind = EstimandKind::new(name, label, &asked.quantity);
        Self { kind, asked }
    }

    /// With this name beside others of its measure.
    pub const fn short(mut self, short: &'static str) -> Self {
        self.kind.short = short;
        self
    }

    /// One that stands at places.
    pub const fn at(mut self, places: &'static Places) -> Self {
        self.kind.at = Some(places);
        self
    }

    /// See [`EstimandKind::floor`].
    pub const fn floor(mut self, name: &'static str) -> Self {
        self.kind.floor = Some(name);
        self
    }

    /// See [`EstimandKind::bound`].
    pub const fn bound(mut self, name: &'static str) -> Self {
        self.kind.bound = Some(name);
        self
    }

    /// See [`EstimandKind::needs`].
    pub const fn needs(mut self, what: &'static str) -> Self {
        self.kind.needs = Some(what);
        self
    }

    /// What the entries say to people.
    pub const fn kinds<const N: usize>(entries: &[Self]) -> [EstimandKind; N] {
        let mut kinds = [entries[0].kind; N];
        let mut place = 1;
        while place < N {
            kinds[place] = entries[place].kind;
            place += 1;
        }
        kinds
    }
}

/// A row of a scenario, as its study knows it.
pub struct RowOf<M, How: 'static> {
    pub arm: usize,
    pub measure: M,
    pub entry: &'static Entry<How>,
    /// Among the places that the estimand stands at, 0 where there is one.
    pub place: usize,
}

impl<M: Copy, How> RowOf<M, How> {
    /// Those of an estimand of an arm that stands at so many places.
    pub fn at(arm: usize, measure: M, entry: &'static Entry<How>, places: usize) -> impl Iterator<Item = Self> {
        (0..places).map(move |place| Self {
            arm,
            measure,
            entry,
            place,
        })
    }
}

impl<M, How> std::fmt::Debug for RowOf<M, How> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of arm {}", self.entry.kind.name, self.arm)
    }
}

/// The quantities of a study, one entry each, after the type of what it knows of one:
/// `NAME = "name", meaning "...", formula "...", unit "...", source "...", what the study knows;`.
macro_rules! quantities {
    (
        asks $how:ty;
        $($quantity:ident = $name:literal,
            meaning $meaning:literal, formula $formula:literal, unit $unit:literal, source $source:expr, $own:expr;)+
    ) => {
        $(static $quantity: $crate::study::entry::Asked<$how> = $crate::study::entry::Asked {
            quantity: $crate::engine::Quantity {
                name: $name,
                meaning: $meaning,
                formula: $formula,
                unit: $unit,
                source: $source,
            },
            how: $own,
        };)+
    };
}

/// The measures of a study, one entry each, after the names of the enum and of the list and the types of what a study knows of a measure
/// and of a quantity: `Variant = "name", "meaning with unit and range", what the study knows, &[what is estimated of it];`.
///
/// Makes the enum, by which the study tells them apart, and the list of what they are called and mean.
macro_rules! measures {
    (
        enum $measure:ident is $own:ty, asks $how:ty, static $measures:ident;
        $($variant:ident = $name:literal, $about:literal, $is:expr, $entries:expr;)+
    ) => {
        /// What the study measures, in the order of their list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $measure {
            $(#[doc = $about] $variant,)+
        }

        /// Every measure of the study.
        pub static $measures: &[$crate::engine::MeasureKind] = &[
            $($crate::engine::MeasureKind {
                name: $name,
                about: $about,
                estimands: {
                    const ENTRIES: &[$crate::study::entry::Entry<$how>] = $entries;
                    static KINDS: [$crate::engine::EstimandKind; ENTRIES.len()] =
                        $crate::study::entry::Entry::kinds(ENTRIES);
                    &KINDS
                },
            },)+
        ];

        impl $measure {
            /// Every measure, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// What it is called and means.
            pub fn kind(self) -> &'static $crate::engine::MeasureKind {
                &$measures[self as usize]
            }

            /// The name in experiment files and estimands.
            pub fn name(self) -> &'static str {
                self.kind().name
            }

            /// What the study knows of it.
            #[allow(dead_code, reason = "a study may know nothing more of its measures")]
            pub(super) fn own(self) -> &'static $own {
                match self {
                    $(Self::$variant => {
                        static OWN: $own = $is;
                        &OWN
                    })+
                }
            }

            /// What is estimated of it.
            pub(super) fn entries(self) -> &'static [$crate::study::entry::Entry<$how>] {
                match self {
                    $(Self::$variant => {
                        static ENTRIES: &[$crate::study::entry::Entry<$how>] = $entries;
                        ENTRIES
                    })+
                }
            }
        }

        impl $crate::format::keys::Named for $measure {
            fn name(self) -> &'static str {
                <$measure>::name(self)
            }
        }
    };
}

pub(super) use {measures, quantities};
