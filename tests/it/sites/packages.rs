//! Websites that nobody here wrote: documentation in Debian's packages, fetched once and kept
//! below the build folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A package with a website in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Package {
    pub(crate) name: &'static str,
    /// The version of which the sample tells.
    version: &'static str,
    /// Where the site lies in the package; `*` stands for the Python that Debian has.
    root: &'static str,
    /// Its start page.
    pub(crate) start: &'static str,
}

pub(crate) const PACKAGES: [Package; 5] = [
    Package {
        name: "debian-faq",
        version: "11.1",
        root: "usr/share/doc/debian/FAQ",
        start: "/index.en.html",
    },
    Package {
        name: "debian-reference-en",
        version: "2.100",
        root: "usr/share/debian-reference",
        start: "/index.en.html",
    },
    Package {
        name: "developers-reference",
        version: "12.18",
        root: "usr/share/developers-reference",
        start: "/index.html",
    },
    Package {
        name: "installation-guide-amd64",
        version: "20230508+deb12u1",
        root: "usr/share/doc/installation-guide-amd64",
        start: "/en/index.html",
    },
    Package {
        name: "python3-doc",
        version: "3.11.2-6+deb12u9",
        root: "usr/share/doc/*/html",
        start: "/index.html",
    },
];

/// An unpacked package.
#[derive(Debug)]
pub(crate) struct Unpacked {
    pub(crate) root: PathBuf,
    /// It is the version of which the sample tells.
    pub(crate) is_sampled: bool,
}

/// The package, from the build folder or by `apt-get download`; why not, where it cannot be had.
pub(crate) fn unpacked(package: &Package) -> Result<Unpacked, String> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sites");
    let folder = home.join(package.name);
    if !folder.is_dir() {
        std::fs::create_dir_all(&home).map_err(|it| it.to_string())?;
        let fresh = tempfile::tempdir_in(&home).map_err(|it| it.to_string())?;
        fetch(package.name, fresh.path())?;
        // Another test may have been faster; then its copy is as good.
        drop(std::fs::rename(fresh.path(), &folder));
    }
    let version = std::fs::read_to_string(folder.join("version")).map_err(|it| it.to_string())?;
    let root = root(&folder.join("files"), package.root)
        .ok_or_else(|| format!("{} has no folder {}", package.name, package.root))?;
    Ok(Unpacked { root, is_sampled: version == package.version })
}

fn root(files: &Path, root: &str) -> Option<PathBuf> {
    let Some((before, after)) = root.split_once("/*/") else {
        return Some(files.join(root)).filter(|it| it.is_dir());
    };
    let inside = std::fs::read_dir(files.join(before)).ok()?;
    let roots = inside.flatten().map(|it| it.path().join(after));
    roots.filter(|it| it.is_dir() && !it.is_symlink()).find(|it| it.join("index.html").is_file())
}

fn fetch(name: &str, folder: &Path) -> Result<(), String> {
    let real = real_name(name)?;
    asked(Command::new("apt-get").args(["download", &real]).current_dir(folder))?;
    let inside = std::fs::read_dir(folder).map_err(|it| it.to_string())?;
    let archive = inside.flatten().map(|it| it.path()).find(|it| it.extension().is_some());
    let archive = archive.ok_or_else(|| format!("apt-get brought no {real}"))?;
    let version = asked(Command::new("dpkg-deb").arg("-f").arg(&archive).arg("Version"))?;
    asked(Command::new("dpkg-deb").arg("-x").arg(&archive).arg(folder.join("files")))?;
    std::fs::write(folder.join("version"), version.trim()).map_err(|it| it.to_string())
}

/// `python3-doc` holds nothing but a wish for the documentation of one Python.
fn real_name(name: &str) -> Result<String, String> {
    if name != "python3-doc" {
        return Ok(name.to_owned());
    }
    let wishes = asked(Command::new("apt-cache").args(["depends", name]))?;
    let depends = wishes.lines().find_map(|line| line.trim().strip_prefix("Depends: "));
    depends.map(str::to_owned).ok_or_else(|| format!("{name} depends on nothing"))
}

fn asked(command: &mut Command) -> Result<String, String> {
    let tried = command.output().map_err(|it| format!("{command:?}: {it}"))?;
    let Output { status, stdout, stderr } = tried;
    if !status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&stderr)));
    }
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}
