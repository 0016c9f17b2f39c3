//! Owns the keys that files of every study have, and the keys of a whole file as they are described.

use super::claim::{self, ClaimKeys};
use super::figure::{self, FigureKeys};
use super::run_length::{self, RunKeys};
use crate::format::grid;
use crate::format::keys::{Absent, Kind, Line, Pattern, Read, Role, Table, TableDoc, Text, WordDoc, key};
use crate::numerics::lists::distinct;
use crate::study::registry::{Registry, StudyKeys};

/// More claims or figures than this are refused: nobody would read them.
const MOST_TABLES: usize = 1000;

/// What files of every study say.
pub(super) struct Header {
    pub title: String,
    pub about: String,
    pub run: RunKeys,
    pub claims: Vec<ClaimKeys>,
    pub figures: Vec<FigureKeys>,
}

/// Reads the keys that are one for the whole file; scenarios read the rest.
pub(super) fn read(table: &mut Table<'_>, registry: &Registry, keys: &StudyKeys) -> Read<Header> {
    let about = "What the experiment shows, in one line.";
    let title = table.get(key("title", about, Line(Pattern::Line)));
    let prose = "Prose printed beside the table: what it shows, and what would refute it.";
    let prose = table.get(key("about", prose, Text).or(String::new()));
    table.known(
        "study",
        "The kind of question asked. It decides which tables, measures and estimands there are.",
        studies(registry),
        Absent::Required,
    );
    keys.file.iter().for_each(|key| table.knows(key.name));
    table.known(
        "arms",
        "The methods compared inside a scenario, on the same draws. A method key may stand here alone, for all arms, or in grid, zip or \
         points.",
        Kind::Elsewhere,
        Absent::Required,
    );
    table.known(
        "sweep",
        "The scenarios: settings with draws of their own. Takes method keys and those that change the draws (seed, world.*).",
        Kind::Elsewhere,
        Absent::Said("one scenario"),
    );
    let run = table.need_table("run", "How long to run.", run_length::read);
    let claims = table.tables(
        "claims",
        "Statements about estimands, each judged confirmed, refuted or inconclusive.",
        MOST_TABLES,
        claim::read_keys,
    );
    let figures = table.tables(
        "figures",
        "Figures of the estimates, and of one pool as drawn.",
        MOST_TABLES,
        figure::read_keys,
    );
    let own = table.end()?;
    Ok(Header {
        title: title.take(&own),
        about: prose.take(&own).trim().to_owned(),
        run: run.take(&own),
        claims: claims.take(&own).unwrap_or_default(),
        figures: figures.take(&own).unwrap_or_default(),
    })
}

fn studies(registry: &Registry) -> Kind {
    let word = |study: &&crate::study::registry::StudyKind| WordDoc {
        name: study.name,
        about: study.about,
    };
    Kind::Word(registry.studies.iter().map(word).collect())
}

/// The keys of a study's files, each in its table.
pub(super) fn describe(registry: &Registry, keys: &StudyKeys) -> TableDoc {
    let mut whole = Table::described(Role::Fixed, |table| read(table, registry, keys));
    let arms = whole.keys.iter().position(|key| key.name == "arms");
    for key in whole.keys.iter_mut() {
        let own: &[_] = if key.name == "arms" { &keys.arms } else { &[] };
        if matches!(key.kind, Kind::Elsewhere) {
            let mut table = TableDoc::default();
            table.keys.extend_from_slice(own);
            table.keys.extend(grid::describe());
            key.kind = Kind::Table(table);
        }
    }
    let at = arms.unwrap_or(whole.keys.len());
    whole.keys.splice(at..at, keys.file.iter().cloned());
    whole
}

/// The keys of this role that a study's grids take.
pub(super) fn varying(keys: &StudyKeys, role: Role) -> Vec<String> {
    distinct(keys.varying(role).into_iter().map(|(path, _)| path))
}
