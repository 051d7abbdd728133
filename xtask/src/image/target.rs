use std::fmt;

/// A kind of machine that images are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// As one asks for it.
    pub name: &'static str,
    /// As rustc calls it.
    pub rust: &'static str,
    /// As the GNU tools and Debian's folders of libraries call it.
    pub gnu: &'static str,
    /// As Debian calls it.
    pub debian: &'static str,
    /// As container images call it.
    pub oci: &'static str,
    /// As qemu calls it.
    pub qemu: &'static str,
}

/// What most edge devices are.
pub const AARCH64: Target = Target {
    name: "aarch64",
    rust: "aarch64-unknown-linux-gnu",
    gnu: "aarch64-linux-gnu",
    debian: "arm64",
    oci: "arm64",
    qemu: "aarch64",
};

const X86_64: Target = Target {
    name: "x86_64",
    rust: "x86_64-unknown-linux-gnu",
    gnu: "x86_64-linux-gnu",
    debian: "amd64",
    oci: "amd64",
    qemu: "x86_64",
};

impl Target {
    /// The target of this name.
    pub fn named(name: &str) -> Option<Self> {
        [AARCH64, X86_64].into_iter().find(|target| [target.name, target.rust, target.debian].contains(&name))
    }

    /// This machine, if images can be made for its kind.
    pub fn host() -> Option<Self> {
        Self::named(std::env::consts::ARCH)
    }

    /// How rustc's and cc's environment variables spell it.
    pub fn variable(&self) -> String {
        self.rust.replace('-', "_")
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name)
    }
}
