use backpack_config::Parameters;

#[derive(Parameters)]
#[param(prefix = "APP")]
struct Container {}

#[derive(Parameters)]
struct Fields {
    #[param(defualt = 1)]
    misspelt: i32,
    #[param(default = 1, default = 2)]
    twice: i32,
    #[param(interface = "int64")]
    interface: i64,
    #[param(repeated)]
    not_a_list: i32,
    #[param(secret, short = 'p')]
    password: String,
    #[param(default = 3)]
    optional: Option<i32>,
    #[param(rename = "Upper-Case")]
    renamed: i32,
    #[allow(non_snake_case)]
    Camel: i32,
    _private: i32,
    first: i32,
    #[param(rename = "first")]
    second: i32,
}

fn main() {}
