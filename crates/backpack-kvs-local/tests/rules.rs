//! What the service refuses, and by which error.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use backpack_kvs_local::{ErrorId, Fragment, Ingest, Limits, Step};
use common::*;
use proptest::prelude::*;

/// Reads a body that ends as it should, in pieces of this size.
fn read(media: &Media, piece: usize, limits: &Limits) -> (Vec<Step>, Option<ErrorId>) {
    let mut ingest = Ingest::new(limits, 0, START as i64 + 3_600_000);
    let mut steps = Vec::new();
    for piece in media.0.chunks(piece) {
        ingest.push(piece);
        match drain(&mut ingest, &mut steps) {
            Ok(()) => {}
            Err(id) => return (steps, Some(id)),
        }
    }
    ingest.finish();
    let error = drain(&mut ingest, &mut steps).err();
    (steps, error)
}

fn drain(ingest: &mut Ingest, steps: &mut Vec<Step>) -> Result<(), ErrorId> {
    loop {
        match ingest.next_step() {
            Ok(Some(step)) => steps.push(step),
            Ok(None) => return Ok(()),
            Err(refusal) => return Err(refusal.id),
        }
    }
}

fn fragments(steps: &[Step]) -> Vec<&Fragment> {
    let closed = steps.iter().filter_map(|step| match step {
        Step::Closed(fragment) => Some(&**fragment),
        _ => None,
    });
    closed.collect()
}

#[track_caller]
fn refused(media: Media, expected: ErrorId) {
    let (_, error) = read(&media, usize::MAX, &Limits::default());
    assert_eq!(error, Some(expected));
}

#[track_caller]
fn taken(media: Media) -> Vec<Step> {
    let (steps, error) = read(&media, usize::MAX, &Limits::default());
    assert_eq!(error, None);
    steps
}

#[test]
fn a_stream_is_read_in_pieces_of_any_size_with_the_same_result() {
    let media = Media::new().fragment(START, 5).tag("place", "yard").fragment(START + 1000, 4).end();
    let whole = taken(media.clone());
    let fragments = fragments(&whole);
    assert_eq!(fragments.len(), 2);
    assert_eq!(fragments[0].tags, [("place".to_owned(), "yard".to_owned())]);
    assert_eq!(fragments[1].tags, []);
    assert_eq!(fragments[0].frames[4].timestamp as u64, START + 160);
    assert_eq!(fragments[0].frames[2].data, picture(2));
    let cluster = Media::default().fragment(START, 5).0.len() as u64;
    assert_eq!(fragments[0].bytes, cluster);
    for piece in 1..100 {
        assert_eq!(read(&media, piece, &Limits::default()), (whole.clone(), None), "in pieces of {piece}");
    }
}

#[test]
fn headers_are_due_first_and_in_their_order() {
    let tracks = || [video(1, &avc_config())];
    refused(Media::default().fragment(START, 1), ErrorId::InvalidMkv);
    refused(Media::default().ebml().segment().fragment(START, 1), ErrorId::InvalidMkv);
    refused(Media::default().ebml().segment().info().fragment(START, 1), ErrorId::InvalidMkv);
    refused(
        Media::default().ebml().segment().tracks(&tracks()).info().fragment(START, 1),
        ErrorId::InvalidMkv,
    );
    refused(Media::default().ebml().segment().tag("a", "b").info().tracks(&tracks()), ErrorId::InvalidMkv);
    refused(Media::new().fragment(START, 1).ebml().segment().info(), ErrorId::InvalidMkv);
    refused(Media::default().raw(b"not Matroska at all, but text"), ErrorId::InvalidMkv);
}

#[test]
fn a_fragment_begins_with_a_key_frame() {
    refused(Media::new().cluster(START).block(1, 0, false, &picture(1)), ErrorId::InvalidMkv);
    refused(
        Media::new().fragment(START, 2).cluster(START + 500).block(1, 0, false, &picture(1)),
        ErrorId::InvalidMkv,
    );
}

#[test]
fn a_fragment_is_later_than_every_frame_before_it() {
    refused(Media::new().fragment(START, 3).fragment(START, 3), ErrorId::FragmentTimecode);
    refused(Media::new().fragment(START, 3).fragment(START + 80, 3), ErrorId::FragmentTimecode);
    taken(Media::new().fragment(START, 3).fragment(START + 81, 3));
}

#[test]
fn a_frame_is_not_before_its_fragment() {
    refused(
        Media::new().cluster(START).block(1, 0, true, &picture(0)).block(1, -40, false, &picture(1)),
        ErrorId::InvalidMkv,
    );
}

#[test]
fn a_fragment_is_twenty_seconds_long_at_most() {
    let media =
        |last| Media::new().cluster(START).block(1, 0, true, &picture(0)).block(1, last, false, &picture(1));
    taken(media(20_000));
    refused(media(20_001), ErrorId::FragmentDuration);
}

#[test]
fn a_fragment_has_fifty_megabytes_at_most() {
    let mut limits = Limits::default();
    let media = Media::new().fragment(START, 10).fragment(START + 1000, 2);
    let bytes = Media::default().fragment(START, 10).0.len() as u64;
    limits.fragment_bytes = bytes;
    assert_eq!(read(&media, usize::MAX, &limits).1, None);
    limits.fragment_bytes = bytes - 1;
    assert_eq!(read(&media, usize::MAX, &limits).1, Some(ErrorId::FragmentSize));
    // One block that says that it is too large is refused before it is there.
    let announced = Media::new().cluster(START).raw(&[0xa3, 0x01, 0, 0, 0, 0x10, 0, 0, 0]);
    refused(announced, ErrorId::FragmentSize);
}

#[test]
fn tracks_are_announced_and_all_have_frames() {
    let with = |tracks: &[Vec<u8>]| Media::default().ebml().segment().info().tracks(tracks);
    let track = |number| video(number, &avc_config());
    refused(Media::new().cluster(START).block(2, 0, true, &picture(0)), ErrorId::TrackNumber);
    refused(with(&[track(1), track(2)]).fragment(START, 2).end(), ErrorId::FramesMissing);
    refused(with(&[track(1), track(2), track(3), track(4)]), ErrorId::TooManyTracks);
    refused(with(&[track(1), track(1)]), ErrorId::InvalidMkv);
    refused(with(&[]), ErrorId::InvalidMkv);
    taken(with(&[track(1), track(2)]).fragment(START, 2).block(2, 0, true, &picture(0)).end());
}

#[test]
fn codec_private_is_there_and_whole() {
    let with = |config: &[u8]| Media::default().ebml().segment().info().tracks(&[video(1, config)]);
    taken(with(&avc_config()));
    refused(with(&[]), ErrorId::InvalidMkv);
    for length in 1..avc_config().len() {
        refused(with(&avc_config()[..length]), ErrorId::InvalidMkv);
    }
    // The profile is not the one of the SPS.
    let mut config = avc_config();
    config[1] = 0x64;
    refused(with(&config), ErrorId::InvalidMkv);
    // In Annex B.
    refused(
        with(&[0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xd9, 0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80]),
        ErrorId::InvalidMkv,
    );
}

#[test]
fn frames_are_length_prefixed() {
    let annex_b = [0, 0, 0, 1, 0x65, 1, 2, 3, 4, 5];
    refused(Media::new().cluster(START).block(1, 0, true, &annex_b), ErrorId::InvalidMkv);
    refused(Media::new().cluster(START).block(1, 0, true, &[]), ErrorId::InvalidMkv);
}

#[test]
fn metadata_is_limited() {
    let tagged = |tags: &[(&str, &str)]| Media::new().fragment(START, 1).tags(tags);
    let (name, value) = ("n".repeat(128), "v".repeat(256));
    let names: Vec<String> = (0..11).map(|index| format!("name {index}")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), "value")).collect();
    taken(tagged(&[(&name, &value)]));
    taken(tagged(&many[..10]));
    taken(tagged(&[("AWS_KINESISVIDEO_IMAGE_GENERATION", ""), ("AWS_KINESISVIDEO_NOTIFICATION", "")]));
    refused(tagged(&many), ErrorId::MetadataLimit);
    refused(tagged(&many[..6]).tags(&many[6..]), ErrorId::MetadataLimit);
    refused(tagged(&[(&(name.clone() + "n"), "v")]), ErrorId::MetadataLimit);
    refused(tagged(&[("n", &(value.clone() + "v"))]), ErrorId::MetadataLimit);
    refused(tagged(&[("AWSOME", "v")]), ErrorId::MetadataLimit);
    refused(tagged(&[("", "v")]), ErrorId::MetadataLimit);
}

#[test]
fn a_producer_has_a_clock_that_is_set() {
    refused(Media::new().fragment(0, 1), ErrorId::ProducerTimestamp);
    refused(Media::new().fragment(START + 26 * 3_600_000, 1), ErrorId::ProducerTimestamp);
    refused(Media::new().fragment(u64::MAX, 1), ErrorId::ProducerTimestamp);
}

#[test]
fn a_body_that_ends_within_an_element_is_refused() {
    let media = Media::new().fragment(START, 3);
    let cut = Media(media.0[..media.0.len() - 1].to_vec());
    refused(cut, ErrorId::InvalidMkv);
}

proptest! {
    #[test]
    fn damaged_streams_neither_hang_nor_panic(at in 0usize..400, byte: u8, piece in 1usize..50) {
        let mut media = Media::new().fragment(START, 5).tag("place", "yard").fragment(START + 1000, 4).end();
        let at = at % media.0.len();
        media.0[at] = byte;
        let (whole, error) = read(&media, usize::MAX, &Limits::default());
        let pieces = read(&media, piece, &Limits::default());
        prop_assert_eq!((whole, error), pieces);
    }
}

#[test]
fn a_block_that_ends_in_its_header_is_no_matroska() {
    for block in [&[0xa3, 0x83, 0x81, 0, 0][..], &[0xa3, 0x82, 0x40, 1], &[0xa3, 0x80]] {
        let mut media = Media::new();
        // A cluster of unknown size with its time.
        media.0.extend(b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff\xe7\x88");
        media.0.extend(START.to_be_bytes());
        media.0.extend(block);
        refused(media, ErrorId::InvalidMkv);
    }
}
