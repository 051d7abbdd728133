//! The example runs on this machine, whatever it is.
#![allow(clippy::unwrap_used)]

use std::process::Command;

#[test]
fn whoami_tells_the_application_and_where_that_is_known_from() {
    // `cargo test` builds the examples before it runs tests, in a folder beside theirs, but not if it is told which tests to build.
    let tests = std::env::current_exe().unwrap();
    let whoami = tests.parent().unwrap().with_file_name("examples").join("whoami");
    // A component of Greengrass has a name that is known in advance.
    let variables =
        [("SVCUID", "a token"), ("AWS_IOT_THING_NAME", "core-7"), ("COMPONENT_NAME", "com.example.who")];
    let output = Command::new(whoami).envs(variables).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("application_name=\"com.example.who\"  (greengrass: COMPONENT_NAME)"), "{said}");
    assert!(said.contains("device_id=\"core-7\"") && !said.contains("a token"), "{said}");
}
