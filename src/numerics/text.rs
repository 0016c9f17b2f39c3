//! Owns numbers as text: shortest round-trip floats, six digits for people, counts with their nouns, hexadecimal digests; and texts that are kept once.

use std::collections::HashSet;
use std::fmt::Write as _;

/// A text that many rows share.
pub type Text = arcstr::ArcStr;

/// Texts, each kept once: of a hundred thousand rows most say the same as the one before.
#[derive(Debug, Default)]
pub struct Texts(HashSet<Text>);

impl Texts {
    /// The text, shared with all who ask for the same.
    pub fn share(&mut self, text: &str) -> Text {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let own = Text::from(text);
        self.0.insert(own.clone());
        own
    }
}

/// A float in its shortest form that reads back to the same bits: plain from 1e-5 to 1e16, else with an exponent.
pub fn float(x: f64) -> String {
    let plain = x == 0.0 || !x.is_finite() || (1e-5..1e16).contains(&x.abs());
    if plain { format!("{x}") } else { format!("{x:e}") }
}

/// Floats as [`float`] writes them, with spaces between: the same text exactly for the same bits (but for NaN).
pub fn floats(xs: &[f64]) -> String {
    let texts: Vec<String> = xs.iter().map(|&x| float(x)).collect();
    texts.join(" ")
}

/// A number to six significant digits without trailing zeros, for quantities that rest on platform quantiles and for people.
pub fn short(x: f64) -> String {
    float(rounded(x, 6))
}

/// A number rounded to so many significant digits; what is not finite stays what it is.
pub fn rounded(x: f64, digits: usize) -> f64 {
    // Rounding goes through the decimal text, so that no logarithm is needed; the text of a float always parses.
    format!("{x:.*e}", digits - 1).parse().unwrap_or(x)
}

/// A number to three digits, for labels of figures.
pub fn short_3(x: f64) -> String {
    short(rounded(x, 3))
}

/// A number to two digits, for what is only about so much.
pub fn short_2(x: f64) -> String {
    short(rounded(x, 2))
}

/// A count with its noun, in the plural where it is not one.
pub fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Cannot fail because writing to a String never does.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_read_back_to_the_same_bits() {
        for bits in (0..2000_u64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15)) {
            let x = f64::from_bits(bits);
            if x.is_finite() {
                assert_eq!(float(x).parse::<f64>().unwrap().to_bits(), x.to_bits());
            }
        }
        assert_eq!(float(0.1), "0.1");
        assert_eq!(float(1e-300), "1e-300");
        assert_eq!(float(20000.0), "20000");
    }

    #[test]
    fn short_numbers_have_six_significant_digits() {
        assert_eq!(short(0.0123456789), "0.0123457");
        assert_eq!(short(2.0), "2");
        assert_eq!(short(1234567.0), "1234570");
        assert_eq!(short(3.00000004), "3");
        assert_eq!(short(f64::NAN), "NaN");
    }
}
