//! A web server on this machine that answers as a test tells it, one request a connection.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What the server does with a request.
pub enum Reply {
    /// 200 and this body.
    Body(Vec<u8>),
    /// This status and no body.
    Status(u16),
    /// 200, a promise of the whole body, half of it, and the end of the connection.
    HangUp(Vec<u8>),
    /// 200 and the body, a byte at a time, with so many milliseconds between.
    Drip(Vec<u8>, u64),
    /// Nothing for so many milliseconds, then the end of the connection.
    Mute(u64),
    /// 200, a promise of the whole body, and nothing more for so many milliseconds.
    Silent(Vec<u8>, u64),
    /// 200 and a body whose length is not announced.
    Endless(Vec<u8>),
}

/// A mirror that lives as long as this value.
pub struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Answers request number n (from 0) for file `name` with `reply(name, n)`.
    pub fn start(reply: impl Fn(&str, usize) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (requests, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (seen, stopped) = (Arc::clone(&requests), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let stream = stream.unwrap();
                let name = read_name(&stream);
                let number = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(name.clone());
                    seen.len() - 1
                };
                // The client may have gone away; that is its business.
                let _ = answer(stream, reply(&name, number));
            }
        });
        Server { address, requests, stop, thread: Some(thread) }
    }

    /// The address to put into a registry.
    pub fn mirror(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The names asked for so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn read_name(stream: &TcpStream) -> String {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().unwrap().unwrap();
    for line in lines {
        if line.unwrap().is_empty() {
            break;
        }
    }
    first.split(' ').nth(1).unwrap().trim_start_matches('/').to_owned()
}

fn answer(mut stream: TcpStream, reply: Reply) -> std::io::Result<()> {
    let ok =
        |length: usize| format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
    match reply {
        Reply::Body(body) => {
            stream.write_all(ok(body.len()).as_bytes())?;
            stream.write_all(&body)
        }
        Reply::Status(status) => {
            let head = format!("HTTP/1.1 {status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(head.as_bytes())
        }
        Reply::HangUp(body) => {
            stream.write_all(ok(body.len()).as_bytes())?;
            stream.write_all(&body[..body.len() / 2])
        }
        Reply::Drip(body, pause) => {
            stream.write_all(ok(body.len()).as_bytes())?;
            for byte in body {
                stream.write_all(&[byte])?;
                std::thread::sleep(std::time::Duration::from_millis(pause));
            }
            Ok(())
        }
        Reply::Mute(pause) => {
            std::thread::sleep(std::time::Duration::from_millis(pause));
            Ok(())
        }
        Reply::Silent(body, pause) => {
            stream.write_all(ok(body.len()).as_bytes())?;
            std::thread::sleep(std::time::Duration::from_millis(pause));
            Ok(())
        }
        Reply::Endless(body) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            stream.write_all(&body)
        }
    }
}
