use std::time::SystemTime;

use backpack_config::Parameters;

#[derive(Parameters)]
struct App {
    #[param(default = 5)]
    float: f32,
    #[param(default = "five")]
    integer: i32,
    #[param(range = 0.0..1.0)]
    count: u8,
    #[param(check = is_long)]
    text: String,
}

fn is_long(_: &i32) -> Result<(), String> {
    Ok(())
}

#[derive(Parameters)]
struct Unsupported {
    time: SystemTime,
}

#[derive(Parameters)]
struct NotNested {
    #[param(nested)]
    number: i32,
}

fn main() {}
