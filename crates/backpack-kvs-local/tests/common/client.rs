use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use backpack_kvs_local::LocalKvs;
use serde_json::Value;

use super::media::Media;
use super::signer::Signer;

/// Nothing here takes so long unless it hangs.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// What is to be sent, by default as a good producer sends it.
#[derive(Debug, Clone)]
pub struct Client {
    pub signer: Signer,
    /// Replaced if there already, else added, before signing.
    pub headers: Vec<(String, String)>,
    /// The same after signing; an empty value removes.
    pub afterwards: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A request of PutMedia whose body is being sent.
pub struct PutMedia {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    stream: TcpStream,
    reader: BufReader<TcpStream>,
    /// Bytes of the response body that were not understood yet.
    text: Vec<u8>,
    /// The sizes of its chunks.
    pub chunks: Vec<usize>,
}

impl Default for Client {
    fn default() -> Self {
        let headers = [
            ("x-amzn-stream-name", "cam"),
            ("x-amzn-fragment-timecode-type", "ABSOLUTE"),
            ("x-amzn-producer-start-timestamp", "1704067200.000"),
            ("x-amzn-fragment-acknowledgment-required", "1"),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { signer: Signer::default(), headers, afterwards: Vec::new() }
    }
}

impl Client {
    pub fn new(signer: Signer) -> Self {
        Self { signer, ..Self::default() }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        replace(&mut self.headers, name, value);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub fn afterwards(mut self, name: &str, value: &str) -> Self {
        self.afterwards.push((name.into(), value.into()));
        self
    }

    /// The head of a PutMedia.
    pub fn head(&self, kvs: &LocalKvs) -> String {
        let host = kvs.address().to_string();
        let mut headers = vec![("host".to_owned(), host)];
        headers.extend(self.headers.clone());
        let signed = self.signer.sign(&format!("{}/putMedia", kvs.endpoint()), &headers, &[]);
        headers.extend(signed);
        for (name, value) in &self.afterwards {
            replace(&mut headers, name, value);
        }
        headers.retain(|(_, value)| !value.is_empty());
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("POST /putMedia HTTP/1.1\r\ntransfer-encoding: chunked\r\n{headers}\r\n")
    }

    /// Begins a PutMedia and waits for the answer's head.
    pub fn put_media(&self, kvs: &LocalKvs) -> io::Result<PutMedia> {
        let mut stream = TcpStream::connect(kvs.address())?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        stream.write_all(self.head(kvs).as_bytes())?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let (status, headers) = head_of(&mut reader)?;
        Ok(PutMedia { status, headers, stream, reader, text: Vec::new(), chunks: Vec::new() })
    }

    /// A PutMedia that is taken.
    pub fn start(&self, kvs: &LocalKvs) -> PutMedia {
        let put_media = self.put_media(kvs).unwrap();
        assert_eq!(put_media.status, 200, "{:?}", put_media.headers);
        put_media
    }
}

impl PutMedia {
    pub fn send(&mut self, media: &Media) -> io::Result<()> {
        self.send_bytes(&media.0)
    }

    /// In one chunk.
    pub fn send_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(&chunk(bytes))
    }

    /// The last chunk.
    pub fn finish(&mut self) -> io::Result<()> {
        self.stream.write_all(b"0\r\n\r\n")
    }

    /// The next acknowledgement; `None` at the end of the response.
    pub fn ack(&mut self) -> io::Result<Option<Value>> {
        loop {
            let mut values = serde_json::Deserializer::from_slice(&self.text).into_iter::<Value>();
            if let Some(Ok(value)) = values.next() {
                let used = values.byte_offset();
                self.text.drain(..used);
                return Ok(Some(value));
            }
            if !self.chunk()? {
                assert!(self.text.iter().all(u8::is_ascii_whitespace), "the response ends within an ack");
                return Ok(None);
            }
        }
    }

    /// All to the end of the response.
    pub fn acks(&mut self) -> io::Result<Vec<Value>> {
        let mut acks = Vec::new();
        while let Some(ack) = self.ack()? {
            acks.push(ack);
        }
        Ok(acks)
    }

    /// So many acknowledgements, in short form.
    pub fn expect(&mut self, acks: &[&str]) {
        let got: Vec<String> =
            acks.iter().map(|_| short(&self.ack().unwrap().expect("one more ack"))).collect();
        assert_eq!(got, acks);
    }

    /// Until the response ends with this error.
    pub fn expect_error(&mut self) -> Value {
        let acks = self.acks().unwrap();
        let last = acks.last().expect("at least one").clone();
        assert_eq!(last["EventType"], "ERROR", "{acks:?}");
        last
    }

    /// The rest of the answer if it is no list of acknowledgements.
    pub fn body(&mut self) -> String {
        body_of(&mut self.reader, &self.headers).map(|body| String::from_utf8(body).unwrap()).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    fn chunk(&mut self) -> io::Result<bool> {
        let mut size = String::new();
        if self.reader.read_line(&mut size)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let size = usize::from_str_radix(size.trim(), 16)
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        let mut data = vec![0; size + 2];
        self.reader.read_exact(&mut data)?;
        self.text.extend(&data[..size]);
        self.chunks.push(size);
        Ok(size > 0)
    }
}

/// Of a body that comes in chunks.
pub fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// For example `PERSISTED 1000`.
pub fn short(ack: &Value) -> String {
    let event = ack["EventType"].as_str().unwrap();
    match (&ack["ErrorId"], &ack["FragmentTimecode"]) {
        (Value::Null, Value::Null) => event.to_owned(),
        (Value::Null, timecode) => format!("{event} {timecode}"),
        (id, Value::Null) => format!("{event} {id}"),
        (id, timecode) => format!("{event} {id} {timecode}"),
    }
}

/// A call of the control plane.
pub fn call(kvs: &LocalKvs, signer: &Signer, path: &str, body: &Value) -> Answer {
    let (host, body) = (kvs.address().to_string(), body.to_string());
    let mut headers =
        vec![("host".to_owned(), host.clone()), ("content-type".to_owned(), "application/json".to_owned())];
    let signed = signer.sign(&format!("http://{host}{path}"), &headers, body.as_bytes());
    headers.extend(signed);
    let mut head = format!("POST {path} HTTP/1.1\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    let mut stream = TcpStream::connect(kvs.address()).unwrap();
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    stream.write_all((head + "\r\n" + &body).as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    let (status, headers) = head_of(&mut reader).unwrap();
    let body = body_of(&mut reader, &headers).unwrap();
    Answer { status, headers, body }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn replace(headers: &mut Vec<(String, String)>, name: &str, value: &str) {
    headers.retain(|(known, _)| known != name);
    headers.push((name.into(), value.into()));
}

fn head_of(reader: &mut impl BufRead) -> io::Result<(u16, Vec<(String, String)>)> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.to_owned())),
            None => return Ok((status, headers)),
        }
    }
}

fn body_of(reader: &mut impl Read, headers: &[(String, String)]) -> io::Result<Vec<u8>> {
    let length = find(headers, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(body)
}
