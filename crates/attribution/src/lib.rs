//! The core of Throughline.
