//! Reads the notation of labels into their tree.
//!
//! What is not understood is a fault at its place; nothing is skipped.

use super::font::Face;
use super::symbols::{self, Sign};

/// Groups may nest this deep; real labels need two.
pub(super) const DEEPEST: usize = 8;

/// A piece of a label.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Signs on one baseline in one face.
    Run { text: String, face: Face },
    /// Scripts of what stands before; `leaning` after a slanted letter.
    Scripts {
        sub: Vec<Node>,
        sup: Vec<Node>,
        leaning: bool,
    },
    /// A sign with an accent above it.
    Accent { sign: char, face: Face, accent: char },
}

/// The kinds of fault in markup.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Mathematics that never ends.
    #[error("unclosed `$` (a dollar sign is written `\\$`)")]
    OpenDollar,
    /// A group that never ends.
    #[error("unclosed `{{`")]
    OpenBrace,
    /// A closing brace on its own.
    #[error("`}}` without `{{`")]
    StrayBrace,
    /// A script, accent or radical with nothing to apply to.
    #[error("nothing after `{0}`")]
    Nothing(String),
    /// Two subscripts or two superscripts of one base.
    #[error("second `{0}` on one base")]
    Twice(char),
    /// A name that is not known.
    #[error("unknown name `\\{0}`")]
    Unknown(String),
    /// An accent over a group.
    #[error("`\\{0}` takes a single sign")]
    Wide(String),
    /// Groups in groups in groups.
    #[error("nested deeper than {DEEPEST}")]
    Deep,
}

/// Appends signs, joining them to a run of the same face.
pub(super) fn push(nodes: &mut Vec<Node>, signs: &str, face: Face) {
    if signs.is_empty() {
        return;
    }
    match nodes.last_mut() {
        Some(Node::Run { text, face: last }) if *last == face => text.push_str(signs),
        _ => nodes.push(Node::Run {
            text: signs.to_owned(),
            face,
        }),
    }
}

/// A label being read.
pub(super) struct Parser {
    signs: Vec<char>,
    at: usize,
    depth: usize,
    /// How many scripts enclose the place: signs of operation have no space around them there.
    scripts: usize,
}

impl Parser {
    pub(super) fn new(markup: &str) -> Self {
        Self {
            signs: markup.chars().collect(),
            at: 0,
            depth: 0,
            scripts: 0,
        }
    }

    /// Where reading stands, counted in characters from 1.
    pub(super) fn place(&self) -> usize {
        self.at + 1
    }

    fn peek(&self) -> Option<char> {
        self.signs.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let sign = self.peek();
        self.at += usize::from(sign.is_some());
        sign
    }

    /// The whole label.
    pub(super) fn text(&mut self) -> Result<Vec<Node>, Fault> {
        let mut nodes = Vec::new();
        while let Some(sign) = self.next() {
            match sign {
                '$' => {
                    nodes.append(&mut self.list('$', Fault::OpenDollar)?);
                }
                '\\' if matches!(self.peek(), Some('$' | '\\')) => {
                    let literal = self.next().unwrap_or('\\');
                    push(&mut nodes, literal.encode_utf8(&mut [0; 4]), Face::Upright);
                }
                _ => push(&mut nodes, sign.encode_utf8(&mut [0; 4]), Face::Upright),
            }
        }
        Ok(nodes)
    }

    /// Mathematics up to and including `end`.
    fn list(&mut self, end: char, unclosed: Fault) -> Result<Vec<Node>, Fault> {
        if self.depth == DEEPEST {
            return Err(Fault::Deep);
        }
        self.depth += 1;
        let mut nodes = Vec::new();
        loop {
            match self.peek() {
                None => return Err(unclosed),
                Some(sign) if sign == end => break,
                Some('}') => return Err(Fault::StrayBrace),
                // A group is not closed where its mathematics is.
                Some('$') => return Err(unclosed),
                Some('_' | '^') => {
                    let scripts = self.scripts(nodes.last())?;
                    nodes.push(scripts);
                }
                Some(' ') => self.at += 1,
                Some(_) => self.atom(&mut nodes)?,
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(nodes)
    }

    fn scripts(&mut self, base: Option<&Node>) -> Result<Node, Fault> {
        let leaning = matches!(
            base,
            Some(Node::Run { face: Face::Italic, .. } | Node::Accent { face: Face::Italic, .. })
        );
        let (mut sub, mut sup) = (Vec::new(), Vec::new());
        self.scripts += 1;
        while let Some(mark @ ('_' | '^')) = self.peek() {
            let slot = if mark == '_' { &mut sub } else { &mut sup };
            if !slot.is_empty() {
                return Err(Fault::Twice(mark));
            }
            self.at += 1;
            *slot = self.argument(&mark.to_string())?;
        }
        self.scripts -= 1;
        Ok(Node::Scripts { sub, sup, leaning })
    }

    /// A group in braces or a single sign; `of` is what wants it.
    fn argument(&mut self, of: &str) -> Result<Vec<Node>, Fault> {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
        let mut nodes = Vec::new();
        match self.peek() {
            None | Some('$' | '}' | '_' | '^') => return Err(Fault::Nothing(of.to_owned())),
            Some(_) => self.atom(&mut nodes)?,
        }
        if nodes.is_empty() {
            Err(Fault::Nothing(of.to_owned()))
        } else {
            Ok(nodes)
        }
    }

    fn atom(&mut self, nodes: &mut Vec<Node>) -> Result<(), Fault> {
        match self.next() {
            Some('\\') => self.name(nodes),
            Some('{') => {
                for node in self.list('}', Fault::OpenBrace)? {
                    match node {
                        Node::Run { text, face } => push(nodes, &text, face),
                        other => nodes.push(other),
                    }
                }
                Ok(())
            }
            Some(sign) => {
                self.sign(nodes, symbols::of_character(sign));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Places a sign with the space that its kind asks for.
    fn sign(&self, nodes: &mut Vec<Node>, sign: Sign) {
        let space = match sign {
            Sign::Relation(_) if self.scripts == 0 => "\u{2005}",
            Sign::Binary(_) if self.scripts == 0 && !nodes.is_empty() => "\u{2009}",
            _ => "",
        };
        let (character, face) = sign.set();
        push(nodes, space, Face::Upright);
        push(nodes, character.encode_utf8(&mut [0; 4]), face);
        push(nodes, space, Face::Upright);
        if character == ',' && self.scripts == 0 {
            push(nodes, "\u{2009}", Face::Upright);
        }
    }

    /// What follows a backslash.
    fn name(&mut self, nodes: &mut Vec<Node>) -> Result<(), Fault> {
        let start = self.at;
        while self.peek().is_some_and(|sign| sign.is_ascii_alphabetic()) {
            self.at += 1;
        }
        if self.at == start {
            return self.escape(nodes);
        }
        let name: String = self.signs[start..self.at].iter().collect();
        match name.as_str() {
            "mathrm" | "text" | "operatorname" => self.words(nodes, &name, Face::Upright),
            "mathbf" => self.words(nodes, &name, Face::Bold),
            "sqrt" => self.radical(nodes),
            "log" | "ln" | "exp" | "min" | "max" | "Pr" | "Var" | "Cov" => {
                push(nodes, &name, Face::Upright);
                if !matches!(self.peek(), Some('(' | '_' | '^')) {
                    push(nodes, "\u{2009}", Face::Upright);
                }
                Ok(())
            }
            _ => self.known(nodes, &name),
        }
    }

    fn known(&mut self, nodes: &mut Vec<Node>, name: &str) -> Result<(), Fault> {
        if let Some(accent) = symbols::accent(name) {
            let base = self.argument(&format!("\\{name}"))?;
            let [Node::Run { text, face }] = base.as_slice() else {
                return Err(Fault::Wide(name.to_owned()));
            };
            let mut signs = text.chars();
            let (Some(sign), None) = (signs.next(), signs.next()) else {
                return Err(Fault::Wide(name.to_owned()));
            };
            nodes.push(Node::Accent {
                sign,
                face: *face,
                accent,
            });
            return Ok(());
        }
        let sign = symbols::of_name(name).ok_or_else(|| Fault::Unknown(name.to_owned()))?;
        self.sign(nodes, sign);
        Ok(())
    }

    /// A backslash before something that is no letter: spaces and literal signs.
    fn escape(&mut self, nodes: &mut Vec<Node>) -> Result<(), Fault> {
        let Some(sign) = self.next() else {
            return Err(Fault::Nothing("\\".to_owned()));
        };
        let literal = match sign {
            ',' | ';' | ':' => '\u{2009}',
            ' ' => '\u{a0}',
            '$' | '%' | '_' | '{' | '}' | '&' | '#' | '\\' => sign,
            _ => return Err(Fault::Unknown(sign.to_string())),
        };
        push(nodes, literal.encode_utf8(&mut [0; 4]), Face::Upright);
        Ok(())
    }

    /// A group taken word for word.
    fn words(&mut self, nodes: &mut Vec<Node>, name: &str, face: Face) -> Result<(), Fault> {
        if self.next() != Some('{') {
            return Err(Fault::Nothing(format!("\\{name}")));
        }
        let start = self.at;
        while self.peek().is_some_and(|sign| sign != '}') {
            self.at += 1;
        }
        let words: String = self.signs[start..self.at].iter().collect();
        self.next().ok_or(Fault::OpenBrace)?;
        push(nodes, &words.replace('-', "\u{2010}"), face);
        Ok(())
    }

    /// A radical without its bar: what is under it stands in parentheses unless it is a single sign.
    fn radical(&mut self, nodes: &mut Vec<Node>) -> Result<(), Fault> {
        let mut under = self.argument("\\sqrt")?;
        let single = matches!(under.as_slice(), [Node::Run { text, .. }] if text.chars().count() == 1);
        push(nodes, if single { "\u{221a}" } else { "\u{221a}(" }, Face::Upright);
        nodes.append(&mut under);
        if !single {
            push(nodes, ")", Face::Upright);
        }
        Ok(())
    }
}
