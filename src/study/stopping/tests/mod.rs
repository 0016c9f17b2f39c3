//! Tests of the study.
