//! Owns a look at what a rule keeps of one pool, through the same scratch and picks as a run.

use super::{Choice, Keeper, picked};
use crate::numerics::lanes::Lanes;

impl Keeper<'_> {
    /// Which of the candidates of lane `l` a choice keeps, in the order kept: `pool` holds their modes, of the prompt that
    /// [`prompt`](Self::prompt) was last called for, and no more candidates than then.
    pub(in crate::study) fn picks(
        &mut self,
        l: usize,
        pool: &[Lanes<u16>],
        choice: &Choice,
        keep: usize,
    ) -> Vec<usize> {
        self.look(l, pool);
        let mut tables = self.tables.iter();
        if let Some(table) = tables.find(|table| table.similarity == choice.similarity) {
            self.seen.compare(table, self.kept.modes);
        }
        let pool = self.seen.pool(pool.len());
        picked(self.picker.pick(&choice.rule, &pool, keep)).order.to_vec()
    }
}
