//! The program in a folder of its own, as people start it: shared by the tests of commands.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A folder of its own for each test.
pub struct Folder(TempDir);

/// A type `Folder` of a module's own, which has all that this one has and may get methods of that module.
macro_rules! own_folder {
    () => {
        /// A folder of its own for each test.
        struct Folder(crate::program::Folder);

        impl std::ops::Deref for Folder {
            type Target = crate::program::Folder;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl Folder {
            fn empty() -> Self {
                Self(crate::program::Folder::empty())
            }
        }
    };
}
pub(crate) use own_folder;

/// Files by name, with their bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What a command left behind.
#[derive(Debug)]
pub struct Done {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Done {
    pub fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program prints text");
        Self {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

impl Folder {
    pub fn empty() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("it can be made");
        fs::write(path, bytes).expect("it can be written");
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Every file below a folder.
    pub fn files(&self, name: &str) -> Files {
        files_below(&self.path(name))
    }

    /// The program with arguments, to be started here.
    pub fn program<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mode-lottery"));
        command.args(args).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }
}

/// Every file below a folder.
pub fn files_below(folder: &Path) -> Files {
    let mut files = Files::new();
    collect(folder, "", &mut files);
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("it can be listed").path();
        let name = format!("{prefix}{}", path.file_name().expect("it has a name").to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(&path).expect("it can be read"));
        }
    }
}

/// What stands on standard error for a message: a place in a file stands first, `x.toml:3:8: `, for editors go there; whatever else has
/// the program's name before it.
pub fn told(message: &str) -> String {
    let place = message.split(": ").next().unwrap_or("");
    let placed = place.contains(':') && place.ends_with(|c: char| c.is_ascii_digit());
    format!("{}{message}\n", if placed { "" } else { "mode-lottery: " })
}
