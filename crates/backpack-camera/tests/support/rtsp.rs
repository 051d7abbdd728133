//! An RTSP server of motion JPEG and sound, interleaved with the RTSP connection.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;

/// Serves until it is dropped; its clients then lose their connections, as if the camera's power had failed.
pub struct Server {
    pub port: u16,
    gone: Arc<AtomicBool>,
    clients: Arc<Mutex<Vec<TcpStream>>>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves on the given port, or on a free one if it is 0.
    pub fn start(port: u16) -> Self {
        gst::init().unwrap();
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (gone, clients) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (stop, list) = (Arc::clone(&gone), Arc::clone(&clients));
        let acceptor = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                list.lock().unwrap().push(stream.try_clone().unwrap());
                thread::spawn(move || converse(stream).ok());
            }
        });
        Self { port, gone, clients, acceptor: Some(acceptor) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::Relaxed);
        // A last connection wakes the acceptor.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        let _ = self.acceptor.take().map(JoinHandle::join);
        for client in self.clients.lock().unwrap().drain(..) {
            let _ = client.shutdown(Shutdown::Both);
        }
    }
}

fn converse(stream: TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let writer = Arc::new(Mutex::new(stream));
    let mut playing = None;
    while let Some(request) = read_request(&mut reader)? {
        let field = |name: &str| request.iter().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let (method, sequence) = (request[0].split(' ').next().unwrap_or_default(), field("CSeq: "));
        let (status, fields, body) = match method {
            _ if field("Authorization: ") != "Basic dXNlcjpzZWNyZXQ=" => {
                ("401 Unauthorized", "WWW-Authenticate: Basic realm=\"camera\"\r\n", "")
            }
            "OPTIONS" => ("200 OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n", ""),
            "DESCRIBE" if request[0].contains("/camera") => (
                "200 OK",
                "Content-Type: application/sdp\r\n",
                "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n\
                 m=audio 0 RTP/AVP 0\r\na=control:sound\r\n\
                 m=video 0 RTP/AVP 26\r\na=control:picture\r\n",
            ),
            "DESCRIBE" => ("404 Not Found", "", ""),
            "SETUP" if request[0].contains("/sound") => ("500 Nobody should listen", "", ""),
            "SETUP" => ("200 OK", "Transport: RTP/AVP/TCP;unicast;interleaved=2-3\r\nSession: 1\r\n", ""),
            _ => ("200 OK", "Session: 1\r\n", ""),
        };
        write!(
            writer.lock().unwrap(),
            "RTSP/1.0 {status}\r\nCSeq: {sequence}\r\n{fields}Content-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        match method {
            "PLAY" if status == "200 OK" => playing = Some(Playing::start(Arc::clone(&writer))),
            "TEARDOWN" => playing = None,
            _ => {}
        }
    }
    drop(playing);
    Ok(())
}

/// The lines of a request; interleaved reports from the client are skipped.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Vec<String>>> {
    loop {
        match reader.fill_buf()?.first() {
            None => return Ok(None),
            Some(b'$') => {
                let mut head = [0; 4];
                reader.read_exact(&mut head)?;
                reader.read_exact(&mut vec![0; usize::from(u16::from_be_bytes([head[2], head[3]]))])?;
            }
            Some(_) => break,
        }
    }
    let lines = reader.lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let lines: Vec<_> = lines.collect();
    Ok((!lines.is_empty()).then_some(lines))
}

struct Playing(gst::Element);

impl Playing {
    fn start(writer: Arc<Mutex<TcpStream>>) -> Self {
        let pipeline = gst::parse::launch(
            "videotestsrc is-live=true ! video/x-raw,format=I420,width=320,height=240,framerate=25/1 ! jpegenc \
             ! rtpjpegpay ! appsink name=packets sync=false",
        )
        .unwrap();
        let packets = pipeline.downcast_ref::<gst::Bin>().unwrap().by_name("packets").unwrap();
        let send = move |sink: &gst_app::AppSink| {
            let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
            let packet = sample.buffer_owned().unwrap().into_mapped_buffer_readable().unwrap();
            let mut framed = vec![b'$', 2];
            framed.extend((packet.len() as u16).to_be_bytes());
            framed.extend_from_slice(&packet);
            // The client has gone when this fails.
            writer.lock().unwrap().write_all(&framed).map_err(|_| gst::FlowError::Eos)?;
            Ok(gst::FlowSuccess::Ok)
        };
        let callbacks = gst_app::AppSinkCallbacks::builder().new_sample(send).build();
        packets.downcast_ref::<gst_app::AppSink>().unwrap().set_callbacks(callbacks);
        pipeline.set_state(gst::State::Playing).unwrap();
        Self(pipeline)
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        let _ = self.0.set_state(gst::State::Null);
    }
}
