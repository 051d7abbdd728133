//! An HTTP server that answers each path in its own way.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use super::{clip, ffmpeg};

/// Serves on a free port until the test ends.
pub fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that has gone is no concern of the server.
            thread::spawn(move || answer(stream).ok());
        }
    });
    format!("{address}")
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines().map_while(Result::ok);
    let request: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    let path = request.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
    match path.as_str() {
        "/clip" => {
            let clip = fs::read(clip("bikes.mp4"))?;
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", clip.len())?;
            stream.write_all(&clip)
        }
        "/camera" => {
            let authorised = request.iter().any(|line| line == "Authorization: Basic dXNlcjpzZWNyZXQ=");
            if !authorised {
                return write!(
                    stream,
                    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\"\r\nContent-Length: 0\r\n\r\n"
                );
            }
            let jpeg = ffmpeg("-f lavfi -i testsrc=s=320x240 -frames:v 1 -f mjpeg -").output()?.stdout;
            write!(
                stream,
                "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=next\r\n\r\n"
            )?;
            loop {
                write!(
                    stream,
                    "--next\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n",
                    jpeg.len()
                )?;
                stream.write_all(&jpeg)?;
                stream.write_all(b"\r\n")?;
                thread::sleep(Duration::from_millis(40));
            }
        }
        "/silence" => {
            thread::sleep(Duration::from_secs(3600));
            Ok(())
        }
        _ => write!(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    }
}
