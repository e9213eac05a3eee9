//! Shared code of the fuzz targets: [`targets`], which the ordinary tests also replay over the committed seeds.

pub mod targets;
