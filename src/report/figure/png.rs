//! PNG from SVG.

use resvg::tiny_skia::{Pixmap, Transform};

use super::FigureError;
use super::parsed::{PIXELS_PER_INCH, tree};

/// Draws a figure's SVG at `dpi` dots per inch of its print size; 300 suits print.
///
/// # Errors
///
/// Text that is not SVG, or a size of no pixels or too many.
pub fn png(svg: &str, dpi: u32) -> Result<Vec<u8>, FigureError> {
    let tree = tree(svg).map_err(FigureError::Png)?;
    let scale = dpi as f32 / PIXELS_PER_INCH;
    let size = tree.size();
    let pixels = |length: f32| (length * scale).ceil() as u32;
    let mut pixmap = Pixmap::new(pixels(size.width()), pixels(size.height()))
        .ok_or_else(|| FigureError::Png(format!("no picture of that size at {dpi} dots per inch")))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|fault| FigureError::Png(fault.to_string()))
}
