//! Labels with a little mathematics: their tree and their faults.
//!
//! Text stands as it is; between dollar signs a small part of TeX's notation applies: single letters slant, digits and capital Greek
//! stand upright, `_` and `^` take the next sign or a group in braces, names such as `\alpha`, `\times` or `\star` give signs,
//! `\mathrm{bias}` is upright and `\mathbf{x}` bold, `\hat\theta` and `\bar{y}` carry accents, `\sqrt{N}` is a radical.
//! `markup` reads this notation; sizes and positions belong to `setting`.

use super::font::Face;
use super::markup::{Fault, Node, Parser, push};

/// A short text with mathematics, checked when it is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub(super) nodes: Vec<Node>,
}

/// Markup that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("label `{markup}`: character {at}: {fault}")]
pub struct LabelError {
    /// The whole label.
    pub markup: String,
    /// Where the fault was noticed, counted in characters from 1.
    pub at: usize,
    /// What is wrong.
    pub fault: Fault,
}

impl Label {
    /// Text as it is: no sign has a meaning.
    pub fn plain(text: &str) -> Self {
        Self { nodes: Vec::new() }.with(text, Face::Upright)
    }

    /// Text with mathematics between dollar signs.
    ///
    /// # Errors
    ///
    /// Markup that is not understood is an error that names the place; nothing is silently dropped.
    ///
    /// # Example
    ///
    /// ```
    /// use mode_lottery::report::figure::Label;
    /// assert!(Label::parse(r"prompt variance $V_{y|x}/N_p$").is_ok());
    /// assert_eq!(Label::parse("$V_").unwrap_err().to_string(), "label `$V_`: character 4: nothing after `_`");
    /// ```
    pub fn parse(markup: &str) -> Result<Self, LabelError> {
        let mut parser = Parser::new(markup);
        parser.text().map(|nodes| Self { nodes }).map_err(|fault| LabelError {
            markup: markup.to_owned(),
            at: parser.place(),
            fault,
        })
    }

    /// `10^exponent`, `2^exponent` and the like, with a factor before it unless that is empty.
    pub(super) fn power(factor: &str, base: u32, exponent: i32) -> Self {
        let times = if factor.is_empty() {
            ""
        } else {
            "\u{200a}\u{d7}\u{200a}"
        };
        let mut label = Self::plain(&format!("{factor}{times}{base}"));
        label.nodes.push(Node::Scripts {
            sub: Vec::new(),
            sup: Self::number(&exponent.to_string()).nodes,
            leaning: false,
        });
        label
    }

    /// A number that was formatted with a hyphen, set with a minus sign.
    pub(super) fn number(text: &str) -> Self {
        Self::plain(&text.replace('-', "\u{2212}"))
    }

    pub(super) fn bold(text: &str) -> Self {
        Self { nodes: Vec::new() }.with(text, Face::Bold)
    }

    /// The label as plain text, scripts as they are written: `V_x/N_p`.
    pub(super) fn spoken(&self) -> String {
        spoken(&self.nodes)
    }

    /// This label, a plus sign, and another.
    pub fn plus(self, next: &Self) -> Self {
        self.with(" + ", Face::Upright).before(next)
    }

    /// This label, a space, and another.
    pub(super) fn spaced(self, next: &Self) -> Self {
        self.with(" ", Face::Upright).before(next)
    }

    /// This label, a space of an em, and another.
    pub(super) fn then(self, next: &Self) -> Self {
        self.with("\u{2002}", Face::Upright).before(next)
    }

    /// This label, words, and another.
    pub(super) fn joined(self, words: &str, next: &Self) -> Self {
        self.with(words, Face::Upright).before(next)
    }

    fn with(mut self, text: &str, face: Face) -> Self {
        push(&mut self.nodes, text, face);
        self
    }

    fn before(mut self, next: &Self) -> Self {
        for node in &next.nodes {
            match node {
                Node::Run { text, face } => push(&mut self.nodes, text, *face),
                other => self.nodes.push(other.clone()),
            }
        }
        self
    }
}

fn spoken(nodes: &[Node]) -> String {
    let of = |node: &Node| match node {
        Node::Run { text, .. } => text.clone(),
        Node::Accent { sign, .. } => sign.to_string(),
        Node::Scripts { sub, sup, .. } => {
            let script = |mark: &str, nodes: &[Node]| match nodes {
                [] => String::new(),
                _ => mark.to_owned() + &spoken(nodes),
            };
            script("_", sub) + &script("^", sup)
        }
    };
    nodes.iter().map(of).collect()
}

#[cfg(test)]
#[path = "label_tests.rs"]
mod tests;
