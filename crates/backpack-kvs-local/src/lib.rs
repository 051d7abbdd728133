#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod ack;
mod builder;
mod cutter;
mod error_id;
mod faults;
mod folder;
mod fragment;
mod http;
mod limits;
mod local_kvs;
mod mkv;
mod operation;
mod playback;
mod record;
mod server;
mod service;
mod sigv4;
mod start_error;
mod stream;
mod stream_info;
mod tls;
mod transport;
mod write_error;

pub use ack::{Ack, FragmentId};
pub use builder::Builder;
pub use error_id::ErrorId;
pub use faults::{
    AckChunks, AckForm, Cut, CutAt, CutHow, Faults, FragmentError, LostAcks, RandomErrors, Refuse,
};
pub use fragment::{Fragment, Frame, Track, TrackKind};
pub use limits::Limits;
pub use local_kvs::LocalKvs;
pub use mkv::{Ingest, Refusal, Step};
pub use operation::Operation;
pub use playback::Playback;
pub use record::{AckRecord, RequestRecord};
pub use sigv4::{Authorization, Credentials, SignatureError};
pub use start_error::StartError;
pub use stream_info::StreamInfo;
pub use write_error::WriteError;
