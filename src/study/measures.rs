//! Owns the form in which a study states its measures: each in one entry, with its name, its meaning and what is estimated of it.

/// The measures of a study, one entry each, after the names of the enum and of the list: `Variant = "name", "meaning with unit and range", &[what is estimated of it];`.
///
/// Makes the enum `Measure`, by which the study tells them apart, and `MEASURES`, what they are called and mean.
macro_rules! measures {
    (enum $measure:ident, static $measures:ident; $($variant:ident = $name:literal, $about:literal, $estimands:expr;)+) => {
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
                estimands: $estimands,
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

            /// The measure that an estimand of the study is one of.
            pub fn of(estimand: &$crate::engine::EstimandKind) -> Option<Self> {
                let own = |measure: &&Self| measure.name() == estimand.measure();
                Self::ALL.iter().find(own).copied()
            }
        }

        impl $crate::format::keys::Named for $measure {
            fn name(self) -> &'static str {
                <$measure>::name(self)
            }
        }
    };
}

pub(super) use measures;
