//! A CloudWatch that does what a test tells it to.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use ciborium::Value;
use flate2::read::GzDecoder;

/// What a request asked for.
#[derive(Debug, Clone)]
pub struct Put {
    pub namespace: String,
    pub data: Vec<Datum>,
    /// In bytes, uncompressed.
    pub size: usize,
    pub headers: HashMap<String, String>,
}

/// A metric in a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Datum {
    pub name: String,
    pub dimensions: Vec<(String, String)>,
    /// Seconds since 1970.
    pub time: f64,
    pub unit: String,
    pub resolution: i64,
    /// Count, sum, minimum, maximum.
    pub statistics: Option<[f64; 4]>,
    pub values: Vec<f64>,
    pub counts: Vec<f64>,
}

/// What is answered.
#[derive(Debug, Clone)]
pub enum Answer {
    Accept,
    Refuse {
        status: u16,
        code: &'static str,
        message: &'static str,
    },
    /// The connection ends without an answer.
    Close,
    /// It stays open without an answer.
    Hang,
}

impl Answer {
    pub const fn error(status: u16, code: &'static str) -> Self {
        Self::Refuse { status, code, message: "as the test has it" }
    }
}

/// The time at which answers claim to be made, if not the real one: the value of a Date header.
type Date = Option<String>;
type Rule = Box<dyn FnMut(&Put) -> Answer + Send>;

#[derive(Clone)]
pub struct Fake {
    pub url: String,
    shared: Arc<Shared>,
}

struct Shared {
    rule: Mutex<Rule>,
    date: Mutex<Date>,
    accepted: Mutex<Vec<Put>>,
    answered: Mutex<Vec<(Put, Answer)>>,
    /// Connections without an answer.
    open: Mutex<Vec<TcpStream>>,
}

impl Fake {
    pub fn start(rule: impl FnMut(&Put) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            rule: Mutex::new(Box::new(rule)),
            date: Mutex::default(),
            accepted: Mutex::default(),
            answered: Mutex::default(),
            open: Mutex::default(),
        });
        let fake = Self { url, shared: shared.clone() };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, shared) = (stream.unwrap(), shared.clone());
                thread::spawn(move || shared.serve(stream));
            }
        });
        fake
    }

    pub fn accepting() -> Self {
        Self::start(|_| Answer::Accept)
    }

    pub fn set_rule(&self, rule: impl FnMut(&Put) -> Answer + Send + 'static) {
        *lock(&self.shared.rule) = Box::new(rule);
    }

    pub fn set_date(&self, date: &str) {
        *lock(&self.shared.date) = Some(date.to_owned());
    }

    /// What was accepted, in order.
    pub fn accepted(&self) -> Vec<Put> {
        lock(&self.shared.accepted).clone()
    }

    /// The metrics in all that was accepted, in order.
    pub fn data(&self) -> Vec<Datum> {
        self.accepted().into_iter().flat_map(|put| put.data).collect()
    }

    /// How many requests have come.
    pub fn requests(&self) -> usize {
        lock(&self.shared.answered).len()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while let Some(put) = read_put(&mut reader) {
            let answer = lock(&self.rule)(&put);
            lock(&self.answered).push((put.clone(), answer.clone()));
            match answer {
                Answer::Accept => {
                    lock(&self.accepted).push(put);
                    self.answer(&stream, 200, &[]);
                }
                Answer::Refuse { status, code, message } => {
                    let text = |text: &str| Value::Text(text.to_owned());
                    self.answer(
                        &stream,
                        status,
                        &[(text("__type"), text(code)), (text("message"), text(message))],
                    );
                }
                Answer::Close => return,
                Answer::Hang => return lock(&self.open).push(stream),
            }
        }
    }

    fn answer(&self, mut stream: &TcpStream, status: u16, fields: &[(Value, Value)]) {
        let mut body = Vec::new();
        ciborium::into_writer(&Value::Map(fields.to_vec()), &mut body).unwrap();
        let date = lock(&self.date).as_ref().map(|date| format!("Date: {date}\r\n")).unwrap_or_default();
        let head = format!(
            "HTTP/1.1 {status} Status\r\nContent-Type: application/cbor\r\nsmithy-protocol: rpc-v2-cbor\r\n\
             {date}Content-Length: {}\r\n\r\n",
            body.len()
        );
        // Whoever asked may be gone.
        let _ = stream.write_all(&[head.as_bytes(), &body].concat());
    }
}

/// The next request of a connection; `None` at its end.
fn read_put(reader: &mut impl BufRead) -> Option<Put> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|&length| length > 0)?;
    assert!(line.ends_with("/operation/PutMetricData HTTP/1.1\r\n"), "{line}");
    let mut headers = HashMap::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).ok()?;
    if headers.get("content-encoding").is_some_and(|encoding| encoding == "gzip") {
        let mut plain = Vec::new();
        GzDecoder::new(&body[..]).read_to_end(&mut plain).unwrap();
        body = plain;
    }
    let value: Value = ciborium::from_reader(&body[..]).unwrap();
    let data = list(&value, "MetricData").iter().map(datum).collect();
    Some(Put { namespace: text(&value, "Namespace"), data, size: body.len(), headers })
}

fn datum(value: &Value) -> Datum {
    let dimension = |value: &Value| (text(value, "Name"), text(value, "Value"));
    let statistics = field(value, "StatisticValues");
    Datum {
        name: text(value, "MetricName"),
        dimensions: list(value, "Dimensions").iter().map(dimension).collect(),
        time: number(field(value, "Timestamp").unwrap()),
        unit: text(value, "Unit"),
        resolution: number(field(value, "StorageResolution").unwrap()) as i64,
        statistics: statistics.map(|set| {
            ["SampleCount", "Sum", "Minimum", "Maximum"].map(|name| number(field(set, name).unwrap()))
        }),
        values: list(value, "Values").iter().map(number).collect(),
        counts: list(value, "Counts").iter().map(number).collect(),
    }
}

fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let is_named = |(key, _): &&(Value, Value)| key.as_text() == Some(name);
    value.as_map().unwrap().iter().find(is_named).map(|(_, value)| value)
}

fn text(value: &Value, name: &str) -> String {
    field(value, name).and_then(Value::as_text).unwrap_or_default().to_owned()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    field(value, name).and_then(Value::as_array).map_or(&[], |list| list)
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Tag(1, value) => number(value),
        Value::Integer(number) => i128::from(*number) as f64,
        value => value.as_float().unwrap(),
    }
}
