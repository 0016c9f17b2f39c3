//! Dispatch only.
fn main(){}
