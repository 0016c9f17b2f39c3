//! Owns the form in which a study states its measures: each in one entry, with its name, its meaning and what is estimated of it.

/// The measures of a study, one entry each: `Variant = "name", "meaning with unit and range", &[what is estimated of it];`.
///
/// Makes the enum `Measure`, by which the study tells them apart, and `MEASURES`, what they are called and mean.
macro_rules! measures {
    ($($variant:ident = $name:literal, $about:literal, $estimands:expr;)+) => {
        /// What the study measures, in the order of [`MEASURES`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Measure {
            $(#[doc = $about] $variant,)+
        }

        /// Every measure of the study.
        pub static MEASURES: &[$crate::engine::MeasureKind] = &[
            $($crate::engine::MeasureKind {
                name: $name,
                about: $about,
                estimands: $estimands,
            },)+
        ];

        impl Measure {
            /// Every measure, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// What it is called and means.
            pub fn kind(self) -> &'static $crate::engine::MeasureKind {
                &MEASURES[self as usize]
            }

            /// The name in experiment files and estimands.
            pub fn name(self) -> &'static str {
                self.kind().name
            }

            /// The measure that an estimand of the study is one of.
            pub fn of(estimand: &$crate::engine::EstimandKind) -> Option<Self> {
                let own = |measure: &&Self| measure.name() == estimand.measure();
                Self::ALL.iter().find(own).copied()
            }
        }

        impl $crate::format::keys::Named for Measure {
            fn name(self) -> &'static str {
                Measure::name(self)
            }
        }
    };
}

pub(super) use measures;
