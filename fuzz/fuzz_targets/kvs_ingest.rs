#![no_main]

use arbitrary::Arbitrary;
use backpack_kvs_local::{Ingest, Limits, Refusal, Step};
use libfuzzer_sys::fuzz_target;

/// Headers of one track without a codec's own rules, so that more than the first element is reached.
const HEAD: &[u8] = b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff\x15\x49\xa9\x66\x80\
\x16\x54\xae\x6b\x9d\xae\x9b\xd7\x81\x01\x73\xc5\x81\x01\x83\x81\x01\x86\x85V_VP8\xe0\x88\xb0\x82\x02\x80\xba\x82\x01\x68";

#[derive(Arbitrary, Debug)]
struct Input {
    with_head: bool,
    body: Vec<u8>,
    piece: u8,
    finish: bool,
}

fuzz_target!(|input: Input| {
    let mut bytes = if input.with_head { HEAD.to_vec() } else { Vec::new() };
    bytes.extend(&input.body);
    let whole = read(&bytes, bytes.len().max(1), input.finish);
    let pieces = read(&bytes, usize::from(input.piece).max(1), input.finish);
    assert_eq!(whole, pieces, "how the bytes are cut makes no difference");

    let closed = whole.0.iter().filter_map(|step| match step {
        Step::Closed(fragment) => Some(fragment),
        _ => None,
    });
    let mut latest = i64::MIN;
    for fragment in closed {
        assert!(fragment.producer_timestamp > latest, "fragments are in order");
        assert!(fragment.duration() <= Limits::default().fragment_duration);
        latest = fragment.frames.iter().map(|frame| frame.timestamp).max().expect("a fragment has frames");
    }
});

fn read(bytes: &[u8], piece: usize, finish: bool) -> (Vec<Step>, Option<Refusal>) {
    let mut ingest = Ingest::new(&Limits::default(), 0, 4_000_000_000_000);
    let mut steps = Vec::new();
    for piece in bytes.chunks(piece) {
        ingest.push(piece);
        if let Err(refusal) = drain(&mut ingest, &mut steps) {
            return (steps, Some(refusal));
        }
    }
    if finish {
        ingest.finish();
    }
    let refusal = drain(&mut ingest, &mut steps).err();
    (steps, refusal)
}

fn drain(ingest: &mut Ingest, steps: &mut Vec<Step>) -> Result<(), Refusal> {
    while let Some(step) = ingest.next_step()? {
        steps.push(step);
    }
    Ok(())
}
