//! Owns the form of `draws/<figure>.csv` in which a pool is stored: the candidates of one prompt, and the order in which each arm kept them.

use super::csv_text::{self, Table, count, number};
use super::fault::FileError;
use crate::numerics::text::float;
use std::path::Path;

/// One pool: one prompt of one replicate of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolRecord {
    /// Index of the scenario, from 0.
    pub scenario: u64,
    /// The replicate, from 0.
    pub replicate: u64,
    /// The prompt, from 0.
    pub prompt: u64,
    /// Names of the selections, one per arm shown; an empty name is that of the only one.
    pub selections: Vec<String>,
    /// The candidates, in the order drawn.
    pub candidates: Vec<CandidateRecord>,
}

/// One row: a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateRecord {
    /// Its mode, from 0.
    pub mode: u64,
    /// Its reward.
    pub reward: f64,
    /// Its embedding, of length 1.
    pub embedding: Vec<f64>,
    /// Per selection: its place in the order kept, from 1; none where it is not kept.
    pub ranks: Vec<Option<u64>>,
}

const BEFORE: [&str; 6] = ["scenario", "replicate", "prompt", "candidate", "mode", "reward"];

/// What a column of ranks is called.
fn rank_column(selection: &str) -> String {
    match selection {
        "" => "rank".to_owned(),
        name => format!("rank-{name}"),
    }
}

/// The bytes of the file.
pub(super) fn write(pool: &PoolRecord) -> Vec<u8> {
    let coordinates = pool.candidates.first().map_or(0, |one| one.embedding.len());
    let mut header: Vec<String> = BEFORE.map(str::to_owned).to_vec();
    header.extend((0..coordinates).map(|index| format!("e{index}")));
    header.extend(pool.selections.iter().map(|name| rank_column(name)));
    let rows = pool.candidates.iter().enumerate().map(|(index, one)| {
        let mut row: Vec<String> = [pool.scenario, pool.replicate, pool.prompt, index as u64, one.mode]
            .map(|n| n.to_string())
            .to_vec();
        row.push(float(one.reward));
        row.extend(one.embedding.iter().map(|&x| float(x)));
        row.extend(
            one.ranks
                .iter()
                .map(|rank| rank.map_or_else(String::new, |n| n.to_string())),
        );
        row
    });
    csv_text::write(&header, rows)
}

/// The pool of the file's bytes; `path` stands in messages.
pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<PoolRecord, FileError> {
    let Table { header, rows } = csv_text::parse(path, bytes)?;
    let coordinates = header.iter().skip(BEFORE.len()).enumerate();
    let coordinates = coordinates
        .take_while(|(index, name)| **name == format!("e{index}"))
        .count();
    let selections: Option<Vec<String>> = header
        .iter()
        .skip(BEFORE.len() + coordinates)
        .map(|name| selection(name))
        .collect();
    let Some(selections) = selections.filter(|_| header.len() > BEFORE.len() && header[..BEFORE.len()] == BEFORE)
    else {
        let what = format!("the header is not that of a pool: {}", header.join(","));
        return Err(FileError::content(path, what));
    };
    let mut pool = PoolRecord {
        scenario: 0,
        replicate: 0,
        prompt: 0,
        selections,
        candidates: Vec::with_capacity(rows.len()),
    };
    for (line, row) in &rows {
        let [scenario, replicate, prompt] = [0, 1, 2].map(|at| count(path, *line, BEFORE[at], &row[at]));
        let at = (scenario?, replicate?, prompt?);
        if pool.candidates.is_empty() {
            (pool.scenario, pool.replicate, pool.prompt) = at;
        }
        let index = count(path, *line, "candidate", &row[3])?;
        if at != (pool.scenario, pool.replicate, pool.prompt) || index != pool.candidates.len() as u64 {
            let what = format!("line {line}: not the next candidate of the same prompt");
            return Err(FileError::content(path, what));
        }
        pool.candidates.push(candidate(path, *line, row, coordinates)?);
    }
    if pool.candidates.is_empty() {
        return Err(FileError::content(path, "it holds no candidate"));
    }
    Ok(pool)
}

/// The selection of a column of ranks.
fn selection(column: &str) -> Option<String> {
    match column {
        "rank" => Some(String::new()),
        name => name.strip_prefix("rank-").map(str::to_owned),
    }
}

fn candidate(path: &Path, line: u64, row: &[String], coordinates: usize) -> Result<CandidateRecord, FileError> {
    let known = |column: &str, text: &str| {
        let missing = || FileError::content(path, format!("line {line}: {column} is missing"));
        number(path, line, column, text)?.ok_or_else(missing)
    };
    let (embedding, ranks) = row[BEFORE.len()..].split_at(coordinates);
    let rank = |text: &String| match text.as_str() {
        "" => Ok(None),
        text => count(path, line, "rank", text).map(Some),
    };
    Ok(CandidateRecord {
        mode: count(path, line, "mode", &row[4])?,
        reward: known("reward", &row[5])?,
        embedding: embedding
            .iter()
            .map(|text| known("embedding", text))
            .collect::<Result<_, _>>()?,
        ranks: ranks.iter().map(rank).collect::<Result<_, _>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> PoolRecord {
        let candidate = |mode, reward, rank| CandidateRecord {
            mode,
            reward,
            embedding: vec![0.1 + 0.2, -1e-9],
            ranks: vec![rank, Some(2)],
        };
        PoolRecord {
            scenario: 1,
            replicate: 7,
            prompt: 3,
            selections: vec!["best".into(), "diverse, \"0.5\"".into()],
            candidates: vec![candidate(0, 1.5, None), candidate(4, -0.25, Some(1))],
        }
    }

    fn read(text: impl AsRef<[u8]>) -> Result<PoolRecord, String> {
        let told = |error: FileError| error.to_string().replace("pool.csv: ", "");
        parse(Path::new("pool.csv"), text.as_ref()).map_err(told)
    }

    #[test]
    fn a_pool_survives_writing_and_reading_bit_for_bit() {
        let text = String::from_utf8(write(&pool())).unwrap();
        let expected = "scenario,replicate,prompt,candidate,mode,reward,e0,e1,rank-best,\"rank-diverse, \"\"0.5\"\"\"\n\
            1,7,3,0,0,1.5,0.30000000000000004,-1e-9,,2\n1,7,3,1,4,-0.25,0.30000000000000004,-1e-9,1,2\n";
        assert_eq!(text, expected);
        assert_eq!(read(text), Ok(pool()));
        let mut only = pool();
        only.selections = vec![String::new()];
        only.candidates.iter_mut().for_each(|one| one.ranks.truncate(1));
        assert_eq!(read(write(&only)), Ok(only));
    }

    #[test]
    fn a_wrong_file_is_refused_with_what_is_wrong() {
        let start = "scenario,replicate,prompt,candidate,mode,reward,e0,rank\n";
        for (text, says) in [
            ("a,b\n1,2\n".to_owned(), "the header is not that of a pool: a,b"),
            (
                format!("{start}0,0,0,0,1,0.5,0.1,1\n0,0,1,1,1,0.5,0.1,\n"),
                "line 3: not the next candidate of the same prompt",
            ),
            (
                format!("{start}0,0,0,1,1,0.5,0.1,1\n"),
                "line 2: not the next candidate of the same prompt",
            ),
            (format!("{start}0,0,0,0,1,,0.1,1\n"), "line 2: reward is missing"),
            (
                format!("{start}0,0,0,0,1,0.5,x,1\n"),
                "line 2: embedding: \"x\" is not a number",
            ),
            (
                format!("{start}0,0,0,0,1,0.5,0.1,-1\n"),
                "line 2: rank: \"-1\" is not a count",
            ),
            (start.to_owned(), "it holds no candidate"),
            (
                start.replace("e0", "e1"),
                "the header is not that of a pool: scenario,replicate,prompt,candidate,mode,reward,e1,rank",
            ),
        ] {
            assert_eq!(read(&text), Err(says.to_owned()), "{text}");
        }
    }
}
