//! The programs in the project's documents compile.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../MIGRATING.md")]
struct Migrating;

#[cfg(doctest)]
#[doc = include_str!("../docs/growing.md")]
struct Growing;

#[cfg(doctest)]
#[doc = include_str!("../docs/security.md")]
struct Security;

#[cfg(doctest)]
#[doc = include_str!("../docs/deploying.md")]
struct Deploying;

#[cfg(doctest)]
#[doc = include_str!("../docs/troubleshooting.md")]
struct Troubleshooting;
