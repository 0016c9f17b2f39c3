//! PDF from SVG.

use svg2pdf::{ConversionOptions, PageOptions, to_pdf};

use super::FigureError;
use super::parsed::{PIXELS_PER_INCH, tree};

/// A figure's SVG as one page of its print size, with the font embedded and text that can be searched.
///
/// # Errors
///
/// Text that is not SVG.
pub fn pdf(svg: &str) -> Result<Vec<u8>, FigureError> {
    let tree = tree(svg).map_err(FigureError::Pdf)?;
    let page = PageOptions { dpi: PIXELS_PER_INCH };
    to_pdf(&tree, ConversionOptions::default(), page).map_err(|fault| FigureError::Pdf(fault.to_string()))
}
