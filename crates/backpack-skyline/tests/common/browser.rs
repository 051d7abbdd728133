//! Headless Chromium, driven over the WebDriver protocol.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

pub struct Browser {
    driver: Child,
    session: String,
    agent: ureq::Agent,
    profile: PathBuf,
}

impl Browser {
    /// Opens a page in a browser of its own; `name` must differ from those of other tests.
    pub fn open(name: &str, url: &str) -> Self {
        Self::start(name, url, &json!({}))
    }

    /// The same with the small screen of a phone.
    pub fn open_on_a_phone(name: &str, url: &str) -> Self {
        let screen = json!({"width": 375, "height": 667, "pixelRatio": 2.0, "touch": true});
        Self::start(name, url, &json!({"deviceMetrics": screen}))
    }

    fn start(name: &str, url: &str, emulation: &Value) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("chromedriver is installed (Debian package chromium-driver)");
        let output = BufReader::new(driver.stdout.take().expect("it is piped"));
        let port = output
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                Some(line.split_once("successfully on port ")?.1.trim_end_matches('.').to_owned())
            })
            .expect("chromedriver says its port");
        let profile = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("chromium-{name}"));
        let agent = ureq::Agent::new_with_defaults();
        let mut browser = Self { driver, session: String::new(), agent, profile };
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1000,800",
            &format!("--user-data-dir={}", browser.profile.display()),
        ];
        let mut options = json!({"args": arguments});
        if emulation != &json!({}) {
            options["mobileEmulation"] = emulation.clone();
        }
        let capabilities = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}});
        let base = format!("http://127.0.0.1:{port}/session");
        let id = browser.post(&base, &capabilities)["sessionId"].as_str().expect("a session").to_owned();
        browser.session = format!("{base}/{id}");
        browser.go(url);
        browser
    }

    /// Goes to another page.
    pub fn go(&self, url: &str) {
        self.post(&format!("{}/url", self.session), &json!({"url": url}));
    }

    /// Runs a script in the page and returns what it returns; a promise is awaited.
    pub fn run(&self, script: &str) -> Value {
        let script = format!(
            "const done = arguments[0]; (async () => {{ {script} }})().then(done, error => done('' + error));"
        );
        self.post(&format!("{}/execute/async", self.session), &json!({"script": script, "args": []}))
    }

    /// The page as a PNG, in base64.
    pub fn screenshot(&self) -> String {
        let mut response =
            self.agent.get(format!("{}/screenshot", self.session)).call().expect("a screenshot");
        let body: Value = response.body_mut().read_json().expect("JSON");
        body["value"].as_str().expect("base64").to_owned()
    }

    fn post(&self, url: &str, body: &Value) -> Value {
        let mut response = self.agent.post(url).send_json(body).expect("chromedriver obeys");
        let mut body: Value = response.body_mut().read_json().expect("JSON");
        body["value"].take()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            let _ = self.agent.delete(&self.session).call();
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}
