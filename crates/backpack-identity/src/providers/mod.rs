//! The platforms that are known, one provider each.

mod balena;
mod ec2;
mod ecs;
mod go_quoted;
mod greengrass;
mod jetson;
mod kubernetes;
mod linux;
#[cfg(feature = "panorama")]
mod panorama;

pub use balena::Balena;
pub use ec2::Ec2;
pub use ecs::Ecs;
pub use greengrass::Greengrass;
pub use jetson::Jetson;
pub use kubernetes::{Downward, Kubernetes};
pub use linux::Linux;
#[cfg(feature = "panorama")]
pub use panorama::{BackOff, Panorama};
