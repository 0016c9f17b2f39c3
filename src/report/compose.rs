//! Owns the step from the figures of several experiments to one figure of tagged panels.
//!
//! A panel is drawn as its own experiment draws it; only its tag, and on request its title, are new.

use super::figure::Figure;
use super::plot::{self, Records, label};
use crate::experiment::{Composed, Experiment, PanelRef};

/// The composed figure. `panels` are those of `composed`, looked up in `sources`.
pub fn composed(composed: &Composed, panels: &[PanelRef], sources: &[(&Experiment, Records)]) -> Figure {
    let drawn = panels
        .iter()
        .zip(&composed.panels)
        .zip('a'..)
        .map(|((at, source), tag)| {
            let (experiment, records) = &sources[at.experiment];
            let mut own = plot::figure(experiment, records, &experiment.figures[at.figure]);
            let mut panel = own.panels.swap_remove(at.panel);
            panel.tag = Some(tag);
            if let Some(title) = &source.title {
                panel.title = Some(label(title));
            }
            panel
        });
    Figure {
        name: composed.name.clone(),
        title: composed.title.as_deref().map(label),
        panels: drawn.collect(),
        columns: composed.columns,
        width: plot::width(composed.width),
        // Panels of different experiments have different quantities on their axes.
        shared_y: false,
    }
}
