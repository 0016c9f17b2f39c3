//! Owns the page of what papers state: each statement beside the claims that check it, or why nothing here does.

use super::listed::Listed;
use super::table::markdown;
use crate::record::ClaimRecord;
use serde::Deserialize;

/// A file of papers and their statements.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Papers {
    papers: Vec<Paper>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paper {
    /// Its title.
    name: String,
    /// Where it was published.
    source: Option<String>,
    statements: Vec<Statement>,
}

/// What a paper states at a place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Statement {
    r#where: String,
    says: String,
    /// `experiment/claim`, those that bear on it.
    claims: Option<Vec<String>>,
    /// What their verdicts say of it, with the condition.
    finds: Option<String>,
    /// Why it cannot be shown where the truth is simulated.
    not_here: Option<String>,
    /// What would have to be built first.
    open: Option<String>,
}

/// Which of the three a statement is.
enum Checked<'a> {
    Here { claims: &'a [String], finds: &'a str },
    NotHere(&'a str),
    Open(&'a str),
}

impl Statement {
    fn checked(&self) -> Result<Checked<'_>, String> {
        match (&self.claims, &self.finds, &self.not_here, &self.open) {
            (Some(claims), Some(finds), None, None) if !claims.is_empty() => Ok(Checked::Here { claims, finds }),
            (None, None, Some(why), None) => Ok(Checked::NotHere(why)),
            (None, None, None, Some(what)) => Ok(Checked::Open(what)),
            _ => Err(format!(
                " {}: a statement has `claims` and `finds`, or `not-here`, or `open`",
                self.r#where
            )),
        }
    }
}

/// Tables of the statements of the papers in `source`, a TOML text: checked here, not to be shown here, and not built yet.
///
/// # Errors
///
/// What is wrong with the file, with its place, to be set after its name: a key, or a claim that no result has.
pub fn statements(results: &[Listed], source: &str) -> Result<String, String> {
    let papers: Papers = toml::from_str(source).map_err(|error| placed(source, &error))?;
    let mut out = String::new();
    for paper in &papers.papers {
        let source = paper
            .source
            .as_ref()
            .map_or_else(String::new, |own| format!(" ({own})"));
        out += &format!("## {}{source}\n\n", paper.name);
        out += &of_paper(paper, results)?;
    }
    Ok(out)
}

fn placed(source: &str, error: &toml::de::Error) -> String {
    let at = error.span().map_or(0, |span| span.start);
    let before = source.get(..at).unwrap_or("");
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("{}:{column}: {}", before.matches('\n').count() + 1, error.message())
}

fn of_paper(paper: &Paper, results: &[Listed]) -> Result<String, String> {
    let (mut here, mut not_here, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for own in &paper.statements {
        let said = [own.r#where.clone(), own.says.clone()];
        match own.checked()? {
            Checked::Here { claims, finds } => {
                here.push([said.as_slice(), &[finds.to_owned(), verdicts(results, claims)?]].concat());
            }
            Checked::NotHere(why) => not_here.push([said.as_slice(), &[why.to_owned()]].concat()),
            Checked::Open(what) => open.push([said.as_slice(), &[what.to_owned()]].concat()),
        }
    }
    let table = |title: &str, header: &[&str], rows: &[Vec<String>]| match rows.is_empty() {
        true => String::new(),
        false => format!("### {title}: {}\n\n{}\n", rows.len(), markdown(header, rows)),
    };
    let (place, says) = ("where", "what the paper says");
    Ok(
        table("Checked here", &[place, says, "what is found here", "claims"], &here)
            + &table("Not to be shown here", &[place, says, "why"], &not_here)
            + &table("Not built yet", &[place, says, "what it needs"], &open),
    )
}

/// How claims came out, those of an experiment behind a link to its page.
fn verdicts(results: &[Listed], claims: &[String]) -> Result<String, String> {
    let mut out = String::new();
    let mut last = "";
    for claim in claims {
        let missing = || format!(" {claim}: no such claim in the results given (write it as `experiment/claim`)");
        let (experiment, name) = claim.split_once('/').ok_or_else(missing)?;
        let own = results.iter().find(|own| own.name == experiment).ok_or_else(missing)?;
        let record = own
            .claims
            .iter()
            .find(|record| record.claim == name)
            .ok_or_else(missing)?;
        if experiment != last {
            let before = if out.is_empty() { "" } else { "; " };
            out += &format!("{before}[{experiment}]({}): ", own.link);
        } else {
            out += ", ";
        }
        last = experiment;
        out += &format!("{name} {}", found(record));
    }
    Ok(out)
}

fn found(record: &ClaimRecord) -> String {
    match (record.as_expected(), record.expected.as_str()) {
        (true, "refuted") => format!("{} (control)", record.verdict),
        (true, _) => record.verdict.clone(),
        (false, expected) => format!("**{}, not {expected}**", record.verdict),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        statements(&[], text).expect_err("it is wrong")
    }

    #[test]
    fn a_statement_is_checked_or_says_why_not() {
        let file = |rest: &str| {
            format!(
                "[[papers]]\nname = \"P\"\n[[papers.statements]]\nwhere = \"section 1\"\nsays = \"it is so\"\n{rest}"
            )
        };
        let made = statements(&[], &file("not-here = \"real data\"\n")).unwrap();
        assert!(made.contains("### Not to be shown here: 1\n"), "{made}");
        assert!(made.contains("| section 1 | it is so | real data |\n"), "{made}");
        for rest in ["", "claims = []\nfinds = \"x\"\n", "open = \"x\"\nnot-here = \"y\"\n"] {
            assert!(refused(&file(rest)).contains("section 1: a statement has"), "{rest}");
        }
        let unknown = refused(&file("claims = [\"law/curve\"]\nfinds = \"x\"\n"));
        assert!(unknown.contains("law/curve: no such claim"), "{unknown}");
        assert_eq!(refused(&file("hows = 1\n")).split(": ").next(), Some("6:1"));
    }
}
