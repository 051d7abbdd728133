use backpack_config::Parameters;

#[derive(Parameters)]
struct Inner {}

#[derive(Parameters)]
struct Outer {
    #[param(nested, default)]
    with_default: Inner,
    #[param(nested)]
    optional: Option<Inner>,
    #[param(nested, range = 1..)]
    with_range: Inner,
}

fn main() {}
