//! What the fuzz targets share: [`targets`], which the ordinary tests replay over the committed seeds, too.

pub mod targets;
