#![doc = include_str!("../README.md")]
#![doc = ""]
#![doc = document_features::document_features!()]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod ack;
mod bits;
mod body;
mod builder;
mod connection;
mod connector;
mod control;
mod control_plane;
mod create_stream;
pub mod credentials;
mod cutter;
mod error;
mod error_id;
mod event;
mod events;
mod framing;
mod h264;
mod h265;
mod http;
mod intake;
#[cfg(feature = "kvssink")]
mod kvs_sink;
mod metadata;
mod mkv;
mod nal;
mod notice;
mod output;
mod parameter_sets;
mod producer;
mod proxy;
mod service_error;
mod signer;
mod spool;
mod stats;
#[cfg(test)]
mod testing;
mod timeline;
mod track;
mod url;
mod video;
mod worker;

pub use ack::{Ack, AckParser};
pub use builder::ProducerBuilder;
pub use create_stream::CreateStream;
pub use error::{BuildError, ConnectionError, MetadataError, PutError, Remaining};
pub use error_id::ErrorId;
pub use event::{DropReason, Event};
pub use events::Subscription;
pub use framing::Framing;
#[cfg(feature = "kvssink")]
pub use kvs_sink::{KvsSink, KvsSinkBuilder};
pub use metadata::Persistence;
pub use notice::Notice;
pub use output::{KvsOutput, Monitor};
pub use producer::Producer;
pub use service_error::{ServiceError, ServiceErrorKind};
pub use spool::{Spool, export_fragment};
pub use stats::{ConnectionState, Fragments, ProducerStats};
pub use video::Video;
