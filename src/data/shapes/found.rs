//! Owns where the wanted columns stand in the records of one input: found once, in its first record.

use super::wanted::{Column, Kind, Nearness, Source, Value, Values, Wanted, ambiguous, missing, missing_values};
use crate::data::Fault;
use crate::data::containers::{Found, Path, Records, Span, split};

/// The places of prompt and candidate ids among all wanted; those of values and of the list follow.
pub(super) const PROMPT: usize = 0;
pub(super) const CANDIDATE: usize = 1;
pub(super) const VALUES: usize = 2;

/// Where things stand.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The name of each wanted column that was found, and where: the column of a table, or the place among the paths looked for.
    pub slots: Vec<Option<(String, usize)>>,
    /// The columns of a list of which each number has its own.
    pub numbered: Vec<usize>,
    pub list: Option<Values>,
    /// Whether a record is a whole prompt.
    pub whole: bool,
}

impl Layout {
    /// Looks into the header and the record that has been read, if there is one. All that is missing is told at once.
    pub fn of(records: &mut Records<'_>, wanted: &Wanted, line: Option<u64>) -> Result<Self, Fault> {
        let sources = wanted.nearness.sources();
        let columns = [&wanted.prompt, &wanted.candidate].into_iter().chain(&wanted.values);
        let mut names: Vec<Vec<String>> = columns.clone().map(|column| column.names.clone()).collect();
        names.extend(sources.iter().map(|source| {
            let names = [&source.list, &source.plural]
                .into_iter()
                .filter(|name| !name.is_empty());
            names.cloned().collect()
        }));
        let mut slots = slots(records, &names)?;
        let of_sources = slots.split_off(VALUES + wanted.values.len());
        let mut layout = Layout {
            slots,
            ..Layout::default()
        };
        let at = match (&*records, line) {
            (Records::Table(table), _) => table.header_line(),
            (_, line) => line.unwrap_or(0),
        };
        let list = lists(records, wanted, &sources, &of_sources, at);
        if line.is_some() {
            let place = list.as_ref().ok().and_then(|list| list.slot.clone());
            layout.whole = layout.is_whole(records, wanted, place.as_ref())?;
        }
        let lacking: Vec<(&str, &str)> = columns
            .enumerate()
            .filter(|(place, column)| {
                layout.slots[*place].is_none() && (column.must || (*place == PROMPT && !layout.whole))
            })
            .map(|(_, column)| (column.name(), column.option))
            .collect();
        if !lacking.is_empty() {
            return Err(missing(at, records.noun(), &lacking, &records.names()));
        }
        let list = list?;
        layout.numbered = list.numbered;
        layout.list = list.values;
        layout.slots.push(list.slot);
        layout.settle(records);
        Ok(layout)
    }

    /// Only what was found is looked for from now on.
    fn settle(&mut self, records: &mut Records<'_>) {
        let Records::Objects(objects) = records else {
            return;
        };
        let mut paths = Vec::new();
        for (name, place) in self.slots.iter_mut().flatten() {
            *place = paths.len();
            paths.push(Path::new(name));
        }
        objects.look_for(paths);
    }

    /// Whether the record is a whole prompt, with its candidates in lists.
    fn is_whole(
        &self,
        records: &mut Records<'_>,
        wanted: &Wanted,
        list: Option<&(String, usize)>,
    ) -> Result<bool, Fault> {
        let mut found = Vec::new();
        find(records, &self.slots, list, &mut found)?;
        if found.iter().any(|found| matches!(found, Found::Each { .. })) {
            return Ok(true);
        }
        let items = |place: usize| match &found[place] {
            Found::One(span) => items(records, span),
            _ => None,
        };
        let of_kind = |kind: Value| {
            let values = wanted.values.iter().enumerate();
            values
                .filter(move |(_, column)| column.kind == kind)
                .map(|(place, _)| VALUES + place)
        };
        if items(CANDIDATE).is_some() || of_kind(Value::Number).any(|place| items(place).is_some()) {
            return Ok(true);
        }
        if self.slots[CANDIDATE].is_some() || of_kind(Value::Number).any(|place| self.slots[place].is_some()) {
            return Ok(false);
        }
        let is_list = |text: &str| text.starts_with('[');
        let texts = |items: Vec<Span>| !items.iter().any(|item| is_message(&records.json()[item.clone()]));
        let lists =
            |items: Vec<Span>| items.len() > 1 && items.iter().all(|item| is_list(&records.json()[item.clone()]));
        let last = found.len() - 1;
        Ok(of_kind(Value::Text).any(|place| items(place).is_some_and(texts)) || items(last).is_some_and(lists))
    }
}

/// A message of a dialogue: a list of them is one text.
pub(in crate::data) fn is_message(item: &str) -> bool {
    let object: serde_json::Value = serde_json::from_str(item).unwrap_or_default();
    let has = |keys: [&str; 2]| keys.iter().all(|key| object.get(key).is_some());
    has(["role", "content"]) || has(["from", "value"])
}

/// The items of a value that is a list; none where it is none. In tables numbers may stand in brackets with spaces between.
pub(super) fn items(records: &Records<'_>, value: &Span) -> Option<Vec<Span>> {
    let text = &records.json()[value.clone()];
    let inner = text.trim_ascii().strip_prefix('[')?;
    let spaced = || {
        let words = inner.strip_suffix(']')?.split_ascii_whitespace();
        let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize + value.start;
        let numbers = !records.is_json() && words.clone().all(|word| word.parse::<f64>().is_ok());
        numbers.then(|| words.map(|word| place(word)..place(word) + word.len()).collect())
    };
    split(records.json(), value).or_else(spaced)
}

/// What the record has at each slot, and at that of the list.
pub(super) fn find(
    records: &mut Records<'_>,
    slots: &[Option<(String, usize)>],
    list: Option<&(String, usize)>,
    found: &mut Vec<Found>,
) -> Result<(), Fault> {
    let slots = slots.iter().map(Option::as_ref).chain([list]);
    match records {
        Records::Table(table) => {
            let field = |slot: Option<&(String, usize)>| {
                slot.map_or(Found::Nothing, |(_, column)| Found::One(table.field(*column)))
            };
            found.clear();
            found.extend(slots.map(field));
            Ok(())
        }
        Records::Objects(objects) => {
            objects.find(found)?;
            let all = std::mem::take(found);
            let at = |slot: Option<&(String, usize)>| slot.map_or(Found::Nothing, |(_, place)| all[*place].clone());
            found.extend(slots.map(at));
            Ok(())
        }
    }
}

/// The first of each list of names that is there.
fn slots(records: &mut Records<'_>, names: &[Vec<String>]) -> Result<Vec<Option<(String, usize)>>, Fault> {
    match records {
        Records::Table(table) => {
            let slot = |names: &Vec<String>| {
                for name in names {
                    if let Some(column) = table.find(name)? {
                        return Ok(Some((name.clone(), column)));
                    }
                }
                Ok(None)
            };
            names.iter().map(slot).collect()
        }
        Records::Objects(objects) => {
            objects.look_for(names.iter().flatten().map(|name| Path::new(name)).collect());
            let mut found = Vec::new();
            objects.find(&mut found)?;
            let mut place = 0;
            let slot = |names: &Vec<String>| {
                let own = place..place + names.len();
                place = own.end;
                let there = own.clone().find(|place| found[*place].is_there())?;
                Some((names[there - own.start].clone(), there))
            };
            Ok(names.iter().map(slot).collect())
        }
    }
}

/// Where the lists of numbers stand.
#[derive(Default)]
struct Lists {
    slot: Option<(String, usize)>,
    numbered: Vec<usize>,
    values: Option<Values>,
}

fn lists(
    records: &Records<'_>,
    wanted: &Wanted,
    sources: &[Source],
    slots: &[Option<(String, usize)>],
    line: u64,
) -> Result<Lists, Fault> {
    let mut found: Vec<(String, Lists)> = Vec::new();
    for (source, slot) in sources.iter().zip(slots) {
        if let Some((name, place)) = slot {
            let own = Lists {
                slot: Some((name.clone(), *place)),
                values: Some(source.lists(name)),
                ..Lists::default()
            };
            found.push((name.clone(), own));
        }
        let Records::Table(table) = records else {
            continue;
        };
        if let Some(columns) = table.numbered(&source.prefix)? {
            let values = Values {
                kind: source.kind,
                name: source.prefix.clone(),
                single_columns: true,
                length: (source.kind == Kind::Embedding).then_some((columns.len(), line)),
            };
            let own = Lists {
                values: Some(values),
                numbered: columns,
                ..Lists::default()
            };
            found.push((format!("{}0", source.prefix), own));
        }
    }
    if found.len() > 1 {
        let names: Vec<String> = found.into_iter().map(|(what, _)| what).collect();
        return Err(ambiguous(line, &names));
    }
    match found.pop() {
        Some((_, own)) => Ok(own),
        None if sources.is_empty() || wanted.nearness == Nearness::IfThere => Ok(Lists::default()),
        None => Err(missing_values(line, records.noun(), sources, &records.names())),
    }
}

/// Whether a column must be a value of its own for each candidate.
pub(super) fn needs_each(column: &Column) -> bool {
    column.kind == Value::Number || (column.kind == Value::Text && column.must)
}
