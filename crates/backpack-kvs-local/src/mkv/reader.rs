use bytes::{Bytes, BytesMut};
use ebml_iterable::TagDecoder;
use ebml_iterable::error::{CorruptedFileError, TagIteratorError};
use ebml_iterable::specs::Master;
use webm_iterable::matroska_spec::{Block, MatroskaSpec, SimpleBlock};

use super::refusal::Refusal;
use crate::ErrorId;

/// What else than blocks an element may hold.
const LARGEST_HEADER: usize = 1 << 20;

/// Reads the elements of a Matroska stream as far as it has arrived, without knowing what they mean to the service.
pub struct Reader {
    decoder: TagDecoder<MatroskaSpec>,
    buffer: BytesMut,
}

/// What is read at once.
#[derive(Debug)]
pub enum Element {
    Ebml(Vec<MatroskaSpec>),
    Segment,
    Info(Vec<MatroskaSpec>),
    Tracks(Vec<MatroskaSpec>),
    Cluster {
        begin: u64,
    },
    Timestamp(u64),
    Block {
        track: u64,
        offset: i16,
        is_key: bool,
        data: Bytes,
    },
    Tags(Vec<MatroskaSpec>),
    ClusterEnd,
    /// Ends and what the service has no use for.
    Other,
}

impl Reader {
    /// `largest` is the most bytes that one element may have.
    pub fn new(largest: usize) -> Self {
        let whole = [
            MatroskaSpec::Ebml(Master::Start),
            MatroskaSpec::Info(Master::Start),
            MatroskaSpec::Tracks(Master::Start),
            MatroskaSpec::Tags(Master::Start),
            MatroskaSpec::BlockGroup(Master::Start),
        ];
        let mut decoder = TagDecoder::new(&whole);
        decoder.set_max_allowable_tag_size(Some(largest.max(LARGEST_HEADER)));
        Self { decoder, buffer: BytesMut::new() }
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// How many bytes were read before the next element.
    pub fn position(&self) -> u64 {
        self.decoder.position() as u64
    }

    /// The next element, if it is there as a whole.
    pub fn read(&mut self) -> Result<Option<Element>, Refusal> {
        let tag = self.decoder.decode(&mut self.buffer).map_err(refusal)?;
        tag.map(|tag| element(tag.tag, tag.offset as u64)).transpose()
    }

    /// The same after the last bytes: what is cut short is an error.
    pub fn finish(&mut self) -> Result<Option<Element>, Refusal> {
        let tag = self.decoder.decode_eof(&mut self.buffer).map_err(refusal)?;
        tag.map(|tag| element(tag.tag, tag.offset as u64)).transpose()
    }
}

fn element(tag: MatroskaSpec, begin: u64) -> Result<Element, Refusal> {
    Ok(match tag {
        MatroskaSpec::Ebml(Master::Full(children)) => Element::Ebml(children),
        MatroskaSpec::Segment(Master::Start) => Element::Segment,
        MatroskaSpec::Info(Master::Full(children)) => Element::Info(children),
        MatroskaSpec::Tracks(Master::Full(children)) => Element::Tracks(children),
        MatroskaSpec::Tags(Master::Full(children)) => Element::Tags(children),
        MatroskaSpec::Cluster(Master::Start) => Element::Cluster { begin },
        MatroskaSpec::Cluster(Master::End) => Element::ClusterEnd,
        MatroskaSpec::Timestamp(timestamp) => Element::Timestamp(timestamp),
        MatroskaSpec::SimpleBlock(data) => simple_block(data)?,
        MatroskaSpec::BlockGroup(Master::Full(children)) => block_group(children)?,
        _ => Element::Other,
    })
}

fn simple_block(data: Vec<u8>) -> Result<Element, Refusal> {
    check_header(&data)?;
    let block =
        SimpleBlock::try_from(&data).map_err(|error| Refusal::mkv(format!("a SimpleBlock: {error}")))?;
    if block.lacing.is_some() {
        return Err(Refusal::mkv("a SimpleBlock with lacing"));
    }
    let (track, offset, is_key, length) =
        (block.track, block.timestamp, block.keyframe, block.raw_frame_data().len());
    Ok(Element::Block { track, offset, is_key, data: tail(data, length) })
}

fn block_group(children: Vec<MatroskaSpec>) -> Result<Element, Refusal> {
    let is_key = !children.iter().any(|child| matches!(child, MatroskaSpec::ReferenceBlock(_)));
    let data = children.into_iter().find_map(|child| match child {
        MatroskaSpec::Block(data) => Some(data),
        _ => None,
    });
    let data = data.ok_or_else(|| Refusal::mkv("a BlockGroup without a Block"))?;
    check_header(&data)?;
    let block = Block::try_from(&data).map_err(|error| Refusal::mkv(format!("a Block: {error}")))?;
    if block.lacing.is_some() {
        return Err(Refusal::mkv("a Block with lacing"));
    }
    let (track, offset, length) = (block.track, block.timestamp, block.raw_frame_data().len());
    Ok(Element::Block { track, offset, is_key, data: tail(data, length) })
}

/// A block begins with its track, in as many bytes as the first tells, two bytes of time and one of flags; webm-iterable reads them without a look at the end.
fn check_header(data: &[u8]) -> Result<(), Refusal> {
    let track = data.first().map_or(0, |first| first.leading_zeros() as usize + 1);
    if data.len() < track + 3 { Err(Refusal::mkv("a block that ends in its header")) } else { Ok(()) }
}

/// The last bytes of a block, which are the frame, without copying them.
fn tail(data: Vec<u8>, length: usize) -> Bytes {
    let data = Bytes::from(data);
    data.slice(data.len().saturating_sub(length)..)
}

fn refusal(error: TagIteratorError) -> Refusal {
    match error {
        TagIteratorError::CorruptedFileData(CorruptedFileError::InvalidTagSize { size, tag_id, .. }) => {
            Refusal::new(ErrorId::FragmentSize, format!("an element {tag_id:#x} of {size} bytes"))
        }
        // Its text holds the bytes that are there.
        TagIteratorError::UnexpectedEOF { tag_start, .. } => {
            Refusal::mkv(format!("the element at byte {tag_start} is cut short"))
        }
        TagIteratorError::CorruptedTagData { tag_id, .. } => {
            Refusal::mkv(format!("element {tag_id:#x} does not hold a value of its type"))
        }
        error => Refusal::mkv(error.to_string()),
    }
}
