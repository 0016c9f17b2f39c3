//! Why a figure cannot be drawn.

use crate::numerics::scale::Scale;

/// Why a figure cannot be drawn. Panels are counted from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FigureError {
    /// A figure of nothing.
    #[error("a figure needs at least one panel")]
    NoPanels,
    /// Rows that hold nothing.
    #[error("a figure needs at least one column")]
    NoColumns,
    /// A position, listed tick or reference line that the axis cannot hold.
    #[error("panel {panel}: {axis} = `{value}` cannot stand on this axis ({scale:?})")]
    Position {
        /// Which panel.
        panel: usize,
        /// `x` or `y`.
        axis: char,
        /// The value.
        value: f64,
        /// The scale of the axis.
        scale: Scale,
    },
    /// A heat map whose values do not fill its rows and columns.
    #[error("panel {panel}: {values} values for {rows} rows of {columns} columns")]
    Cells {
        /// Which panel.
        panel: usize,
        /// Number of row labels.
        rows: usize,
        /// Number of column labels.
        columns: usize,
        /// Number of values.
        values: usize,
    },
    /// A series of bars that does not have one for each category.
    #[error("panel {panel}: {bars} bars for {categories} categories")]
    Bars {
        /// Which panel.
        panel: usize,
        /// Number of categories.
        categories: usize,
        /// Number of bars.
        bars: usize,
    },
    /// More series than there are looks.
    #[error("panel {panel}: {series} series would be drawn in {looks} looks, some of them alike")]
    Alike {
        /// Which panel.
        panel: usize,
        /// Number of series, or groups of a pool, as far as the last that is shown.
        series: usize,
        /// Number of looks that differ.
        looks: usize,
    },
    /// A centre that the colours cannot be laid around.
    #[error("panel {panel}: colours cannot be centred at `{centre}`")]
    Centre {
        /// Which panel.
        panel: usize,
        /// The centre.
        centre: f64,
    },
    /// Panels of a shared y range with different scales.
    #[error("panels that share their y range must share its scale")]
    Shared,
    /// Labels that leave no room for the axes.
    #[error("no room for {columns} panels side by side at this width")]
    Narrow {
        /// Panels per row.
        columns: usize,
    },
    /// The drawing library refused; it has no reason to when it writes to memory.
    #[error("drawing failed: {0}")]
    Drawing(String),
    /// The page could not be made.
    #[error("pdf: {0}")]
    Pdf(String),
    /// The raster could not be made.
    #[error("png: {0}")]
    Png(String),
}

impl FigureError {
    pub(super) fn position(panel: usize, axis: char, value: f64, scale: Scale) -> Self {
        Self::Position {
            panel,
            axis,
            value,
            scale,
        }
    }

    pub(super) fn drawing(fault: impl std::fmt::Display) -> Self {
        Self::Drawing(fault.to_string())
    }
}
