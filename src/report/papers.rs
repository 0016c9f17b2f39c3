//! Owns the page of what papers state: each statement beside the claims that check it, or why nothing here does.

use super::listed::Listed;
use super::table::markdown;
use crate::record::ClaimRecord;
use serde::Deserialize;

/// A file of papers and their statements.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Papers {
    #[serde(default)]
    papers: Vec<Paper>,
    #[serde(default)]
    rivals: Vec<Rival>,
}

/// A paper whose claim is right in some regime, and not in another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rival {
    /// Its title.
    name: String,
    /// Where it was published.
    source: String,
    /// What it claims.
    says: String,
    /// Where that is right here.
    right: Regime,
    /// Where that ends, exactly.
    boundary: Regime,
    /// Where it is wrong: among these claims is a control that takes the claim beyond the boundary.
    wrong: Regime,
    /// What these worlds cannot say of it.
    cannot: String,
}

/// What is found in a regime, and the claims that show it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Regime {
    finds: String,
    /// `experiment/claim`.
    claims: Vec<String>,
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
    for rival in &papers.rivals {
        out += &of_rival(rival, results)?;
    }
    Ok(out)
}

/// The regimes of a rival's claim.
fn of_rival(rival: &Rival, results: &[Listed]) -> Result<String, String> {
    let Rival { name, source, says, .. } = rival;
    let regime = |what: &str, own: &Regime| {
        let row = [what.to_owned(), own.finds.clone(), verdicts(results, &own.claims)?];
        Ok::<_, String>(row.to_vec())
    };
    let rows = [
        regime("right where", &rival.right)?,
        regime("the boundary", &rival.boundary)?,
        regime("not beyond it", &rival.wrong)?,
        ["not to be said here".to_owned(), rival.cannot.clone(), String::new()].to_vec(),
    ];
    let is_control = |claim: &String| record(results, claim).is_ok_and(|(_, own)| own.expected == "refuted");
    if !rival.wrong.claims.iter().any(is_control) {
        return Err(format!(
            " {name}: none of the claims in `wrong` is a control (a claim that is expected to be refuted)"
        ));
    }
    let header = ["", "what is found here", "claims"];
    Ok(format!(
        "## {name} ({source})\n\n*{says}*\n\n{}\n",
        markdown(&header, &rows)
    ))
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
        let (own, record) = record(results, claim)?;
        let experiment = own.name.as_str();
        if experiment != last {
            let before = if out.is_empty() { "" } else { "; " };
            out += &format!("{before}[{experiment}]({}): ", own.link);
        } else {
            out += ", ";
        }
        last = experiment;
        out += &format!("{} {}", record.claim, found(record));
    }
    Ok(out)
}

/// A claim, written as `experiment/claim`.
fn record<'a>(results: &'a [Listed], claim: &str) -> Result<(&'a Listed, &'a ClaimRecord), String> {
    let missing = || format!(" {claim}: no such claim in the results given (write it as `experiment/claim`)");
    let (experiment, name) = claim.split_once('/').ok_or_else(missing)?;
    let own = results.iter().find(|own| own.name == experiment).ok_or_else(missing)?;
    let record = own.claims.iter().find(|record| record.claim == name);
    Ok((own, record.ok_or_else(missing)?))
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

    /// Without a control nothing shows that a claim ends at its boundary.
    #[test]
    fn a_rival_has_regimes_and_a_control_that_leaves_them() {
        let claim = |claim: &str, expected: &str| ClaimRecord {
            claim: claim.to_owned(),
            verdict: expected.to_owned(),
            expected: expected.to_owned(),
            ..ClaimRecord::default()
        };
        let results = [Listed {
            name: "law".to_owned(),
            title: String::new(),
            link: "law.md".to_owned(),
            claims: vec![claim("holds", "confirmed"), claim("fails", "refuted")],
        }];
        let file = |wrong: &str| {
            let regime =
                |key: &str, claim: &str| format!("{key} = {{ finds = \"f {key}\", claims = [\"law/{claim}\"] }}\n");
            let regimes = regime("right", "holds") + &regime("boundary", "holds") + &regime("wrong", wrong);
            format!("[[rivals]]\nname = \"P\"\nsource = \"s\"\nsays = \"it is so\"\n{regimes}cannot = \"real data\"\n")
        };
        let made = statements(&results, &file("fails")).unwrap();
        for said in [
            "## P (s)\n\n*it is so*\n",
            "| right where | f right | [law](law.md): holds confirmed |\n",
            "| not beyond it | f wrong | [law](law.md): fails refuted (control) |\n",
        ] {
            assert!(made.contains(said), "{made}");
        }
        let refused = |text: &str| statements(&results, text).expect_err("it is wrong");
        assert!(refused(&file("holds")).contains("P: none of the claims in `wrong` is a control"));
        assert!(refused(&file("falls")).contains("law/falls: no such claim"));
        assert!(refused(&file("fails").replace("boundary = ", "bound = ")).starts_with("6:1"));
    }
}
