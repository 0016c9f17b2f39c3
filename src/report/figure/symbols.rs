//! The signs of mathematics that labels know, their faces and the space they ask for.

use super::font::Face;

/// A sign and its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A variable: slanted.
    Letter(char),
    /// A digit, bracket or symbol: upright, without space.
    Upright(char),
    /// A sign of operation: a thin space on both sides, unless it is a prefix or in a script.
    Binary(char),
    /// A sign of comparison: a wider space on both sides, unless in a script.
    Relation(char),
}

impl Sign {
    pub(super) fn set(self) -> (char, Face) {
        match self {
            Self::Letter(sign) => (sign, Face::Italic),
            Self::Upright(sign) | Self::Binary(sign) | Self::Relation(sign) => (sign, Face::Upright),
        }
    }
}

/// A character typed as itself.
pub(super) fn of_character(sign: char) -> Sign {
    match sign {
        '-' => Sign::Binary('\u{2212}'),
        '+' | '\u{d7}' | '\u{b1}' | '\u{b7}' => Sign::Binary(sign),
        '*' => Sign::Binary('\u{2217}'),
        '=' | '<' | '>' | '\u{2264}' | '\u{2265}' | '\u{2248}' => Sign::Relation(sign),
        '\'' => Sign::Upright('\u{2032}'),
        'a'..='z' | 'A'..='Z' | '\u{3b1}'..='\u{3c9}' => Sign::Letter(sign),
        _ => Sign::Upright(sign),
    }
}

/// The accent of a name.
pub(super) fn accent(name: &str) -> Option<char> {
    Some(match name {
        "hat" => '\u{2c6}',
        "bar" => '\u{2c9}',
        "tilde" => '\u{2dc}',
        "dot" => '\u{2d9}',
        _ => return None,
    })
}

/// A sign by its name.
pub(super) fn of_name(name: &str) -> Option<Sign> {
    small_greek(name)
        .map(Sign::Letter)
        .or_else(|| upright(name).map(Sign::Upright))
        .or_else(|| spaced(name))
}

fn small_greek(name: &str) -> Option<char> {
    Some(match name {
        "alpha" => 'α',
        "beta" => 'β',
        "gamma" => 'γ',
        "delta" => 'δ',
        "epsilon" | "varepsilon" => 'ε',
        "zeta" => 'ζ',
        "eta" => 'η',
        "theta" => 'θ',
        "iota" => 'ι',
        "kappa" => 'κ',
        "lambda" => 'λ',
        "mu" => 'μ',
        "nu" => 'ν',
        "xi" => 'ξ',
        "pi" => 'π',
        "rho" => 'ρ',
        "sigma" => 'σ',
        "tau" => 'τ',
        "phi" | "varphi" => 'φ',
        "chi" => 'χ',
        "psi" => 'ψ',
        "omega" => 'ω',
        "ell" => 'ℓ',
        _ => return None,
    })
}

fn upright(name: &str) -> Option<char> {
    Some(match name {
        "Gamma" => 'Γ',
        "Delta" => 'Δ',
        "Theta" => 'Θ',
        "Lambda" => 'Λ',
        "Pi" => 'Π',
        "Sigma" => 'Σ',
        "Phi" => 'Φ',
        "Psi" => 'Ψ',
        "Omega" => 'Ω',
        "star" => '\u{22c6}',
        "ast" => '\u{2217}',
        "dagger" => '\u{2020}',
        "prime" => '\u{2032}',
        "infty" => '\u{221e}',
        "partial" => '\u{2202}',
        "nabla" => '\u{2207}',
        "sum" => '\u{2211}',
        "prod" => '\u{220f}',
        "ldots" | "dots" => '\u{2026}',
        "mid" | "vert" => '|',
        "Vert" => '\u{2016}',
        "top" => '\u{22a4}',
        _ => return None,
    })
}

fn spaced(name: &str) -> Option<Sign> {
    Some(match name {
        "times" => Sign::Binary('\u{d7}'),
        "cdot" => Sign::Binary('\u{b7}'),
        "pm" => Sign::Binary('\u{b1}'),
        "le" | "leq" => Sign::Relation('\u{2264}'),
        "ge" | "geq" => Sign::Relation('\u{2265}'),
        "ne" | "neq" => Sign::Relation('\u{2260}'),
        "approx" => Sign::Relation('\u{2248}'),
        "sim" => Sign::Relation('\u{223c}'),
        "propto" => Sign::Relation('\u{221d}'),
        "in" => Sign::Relation('\u{2208}'),
        "to" => Sign::Relation('\u{2192}'),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_have_their_kinds() {
        assert_eq!(of_name("alpha"), Some(Sign::Letter('α')));
        assert_eq!(of_name("Omega"), Some(Sign::Upright('Ω')));
        assert_eq!(of_name("times"), Some(Sign::Binary('×')));
        assert_eq!(of_name("le"), Some(Sign::Relation('≤')));
        assert_eq!(of_name("Alpha"), None);
        assert_eq!(of_character('-'), Sign::Binary('\u{2212}'));
        assert_eq!(of_character('7'), Sign::Upright('7'));
    }
}
