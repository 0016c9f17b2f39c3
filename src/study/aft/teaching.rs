//! Owns which models are trained, each once, and how: on the lessons of a replicate, all by the same minibatches and recall bits.

use super::arm::Model;
use super::lessons::{Lesson, LessonStreams, School};
use crate::numerics::lanes::Lanes;
use crate::numerics::stream::{Purpose, Streams};
use crate::policy::aggregator::Ended;
use crate::world::SlotWorld;
use std::cell::OnceCell;
use std::rc::Rc;

/// The different models of a scenario, and the streams that they are trained by.
pub(super) struct Teaching {
    models: Vec<Model>,
    lessons: LessonStreams,
    choices: Purpose,
    recall: Purpose,
}

/// A model of a replicate.
pub(super) struct Trained {
    /// What it learnt from; none where it learnt nothing.
    pub lesson: Option<Rc<Lesson>>,
    pub ended: Ended,
    /// What measures say of it whichever arm asks, each once it is asked for.
    pub loss: OnceCell<f64>,
    pub sharpness: OnceCell<f64>,
    pub kl_direct: OnceCell<f64>,
    pub kl_own: OnceCell<f64>,
}

impl Trained {
    fn new(lesson: Option<Rc<Lesson>>, ended: Ended) -> Self {
        Self {
            lesson,
            ended,
            loss: OnceCell::new(),
            sharpness: OnceCell::new(),
            kl_direct: OnceCell::new(),
            kl_own: OnceCell::new(),
        }
    }

    /// A model that learnt nothing.
    fn untrained(model: &Model, world: &SlotWorld) -> Self {
        Self::new(None, Ended::at(model.start(world.features)))
    }
}

/// The different ones, in order of first use.
fn distinct<'a>(models: impl Iterator<Item = &'a Model>) -> Vec<Model> {
    let mut found = Vec::new();
    for own in models.map(Model::distinct) {
        if !found.contains(&own) {
            found.push(own);
        }
    }
    found
}

/// Rows of lanes that training takes: queries with what models see and draw of them.
pub(super) fn rows<'a>(world: &SlotWorld, models: impl Iterator<Item = &'a Model>) -> u64 {
    let models = distinct(models);
    let queries = models.iter().map(|own| own.queries).max().unwrap_or(0);
    let of_query = (world.groups() * world.modes) as u64;
    u64::from(queries) * of_query * (world.features as u64 + 8 + 7 * models.len() as u64)
}

/// Bytes of these rows.
pub(super) fn bytes(rows: u64) -> u64 {
    crate::engine::list::<Lanes<f64>>(rows as usize)
}

impl Teaching {
    pub fn new<'a>(streams: &Streams, models: impl Iterator<Item = &'a Model>) -> Self {
        Self {
            models: distinct(models),
            lessons: LessonStreams::new(streams),
            choices: streams.purpose("minibatches"),
            recall: streams.purpose("recall"),
        }
    }

    /// Where a model stands among those trained.
    pub fn place(&self, model: &Model) -> usize {
        let own = model.distinct();
        // Cannot be absent because every arm's is among them.
        self.models.iter().position(|model| *model == own).unwrap_or(0)
    }

    /// What there is to learn from in a replicate; none where nobody learns.
    pub fn school<'a>(&self, world: &'a SlotWorld, replicate: u64) -> Option<School<'a>> {
        let learns = self.models.iter().any(|model| model.kind.is_trained());
        learns.then(|| School::new(world, &self.lessons, replicate, &self.models))
    }

    /// Every model in a replicate. Whoever is stopped on the way is trained no further.
    pub fn train(
        &self,
        school: Option<&School<'_>>,
        world: &SlotWorld,
        replicate: u64,
        stopped: &dyn Fn() -> bool,
    ) -> Vec<Trained> {
        let mut trained: Vec<Trained> = Vec::with_capacity(self.models.len());
        for (index, model) in self.models.iter().enumerate() {
            let same = || (0..index).filter(|&place| self.models[place].learns_as(model));
            let known = same().next().and_then(|place| trained[place].lesson.clone());
            let begun = same()
                .filter(|&place| model.descent.is_begun_by(&self.models[place].descent))
                .max_by_key(|&place| trained[place].ended.losses.len());
            let begun = match begun {
                Some(place) => trained[place].ended.clone(),
                None => Ended::at(model.start(world.features)),
            };
            let school = school.filter(|_| model.kind.is_trained());
            trained.push(match school {
                None => Trained::untrained(model, world),
                Some(school) => {
                    let lesson = known.unwrap_or_else(|| Rc::new(school.lesson(model)));
                    self.one(model, (lesson, begun), school, replicate, stopped)
                }
            });
        }
        trained
    }

    fn one(
        &self,
        model: &Model,
        (lesson, begun): (Rc<Lesson>, Ended),
        school: &School<'_>,
        replicate: u64,
        stopped: &dyn Fn() -> bool,
    ) -> Trained {
        // The same queries and recall bits for every model.
        let [mut choices, mut recall] = [self.choices, self.recall].map(|own| own.stream(replicate, 0));
        let streams = [&mut choices, &mut recall];
        let ended = lesson
            .examples(school)
            .descend(begun, model.descent, school.world().lapse, streams, stopped);
        Trained::new(Some(lesson), ended)
    }
}
