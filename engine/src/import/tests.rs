//! Laws of import.
