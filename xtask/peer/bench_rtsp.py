'''The original's RTSP server: how long a late viewer waits for the first clean picture.

Stream, viewer and joins are those of Backpack's benchmark.
'''
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time

import numpy as np

WIDTH, HEIGHT, FPS, JOINS = 1280, 720, 30, 8


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


def feed(sky):
    '''Puts frames at the pace of a camera, for as long as the program runs.'''
    x = np.arange(WIDTH + 32)[None, :, None]
    y = np.arange(HEIGHT)[:, None, None]
    wave = ((x * [1, 2, 3] + y * [3, 1, 2]) % 256).astype(np.uint8)
    frames = [np.ascontiguousarray(wave[:, 4 * index:4 * index + WIDTH]) for index in range(8)]
    begun = time.perf_counter()
    turn = 0
    while True:
        time.sleep(max(0, begun + turn / FPS - time.perf_counter()))
        sky.put(frames[turn % len(frames)])
        turn += 1


def play(pipeline):
    '''Nanoseconds from the start of a pipeline's process to its end.'''
    start = time.perf_counter_ns()
    subprocess.run(['gst-launch-1.0', '-q', *pipeline.split()], check=True, stdout=subprocess.DEVNULL, timeout=30)
    return time.perf_counter_ns() - start


def first_picture(url, transport):
    empty = statistics.median(play('videotestsrc num-buffers=1 ! fakesink') for _ in range(3))
    viewer = (f'rtspsrc location={url} latency=0 protocols={transport} ! rtph264depay ! '
              'avdec_h264 output-corrupt=false ! fakesink sync=false num-buffers=1')
    times = []
    for join in range(1, JOINS + 1):
        time.sleep(0.37 * join % 1.6)
        times.append(play(viewer))
    return statistics.median_high(times) - empty


def main():
    import backpack.rtsp
    from gi.repository import Gst
    Gst.init(None)
    port = free_port()
    server = backpack.rtsp.RTSPServer(port=str(port))
    sky = backpack.rtsp.RTSPSkyLine(server, '/stream')
    sky.start_streaming(FPS, WIDTH, HEIGHT)
    server.start()
    threading.Thread(target=feed, args=[sky], daemon=True).start()
    url = f'rtsp://127.0.0.1:{port}/stream'
    figures = {name: first_picture(url, name.removeprefix('first_picture_')) for name in sys.argv[1:]}
    print(json.dumps(figures), flush=True)
    # Its server has no end.
    os._exit(0)


main()
