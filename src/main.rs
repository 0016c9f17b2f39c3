//! Dispatch only.

fn main() -> std::process::ExitCode {
    mode_lottery::cli::main()
}
