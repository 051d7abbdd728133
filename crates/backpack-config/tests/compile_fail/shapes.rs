use backpack_config::Parameters;

#[derive(Parameters)]
enum Choice {
    A,
}

#[derive(Parameters)]
struct Tuple(i32);

#[derive(Parameters)]
struct Unit;

fn main() {}
