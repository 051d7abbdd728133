'''The original's RTSP server: how long a late viewer waits for the first clean picture.

Stream, viewer and joins are those of Backpack's benchmark.
'''
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import numpy as np

WIDTH, HEIGHT, FPS, JOINS = 1280, 720, 30, 8

# Shows a picture. Several threads would hold each back until the next ones are there.
SHOW = 'rtph264depay ! avdec_h264 max-threads=1 output-corrupt=false ! fakesink sync=false num-buffers=1'

# Where its server listens, whatever port it is given.
PORT = 8554


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
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'picture.h264')
        play(f'videotestsrc num-buffers=2 ! video/x-raw,width={WIDTH},height={HEIGHT} ! x264enc tune=zerolatency ! '
             f'h264parse ! video/x-h264,stream-format=byte-stream ! filesink location={path}')
        loaded = statistics.median(
            play(f'filesrc location={path} ! h264parse ! rtph264pay ! {SHOW}') for _ in range(3))
    viewer = f'rtspsrc location={url} latency=0 protocols={transport} ! {SHOW}'
    times = []
    for join in range(1, JOINS + 1):
        time.sleep(0.37 * join % 1.6)
        try:
            times.append(play(viewer))
        except subprocess.CalledProcessError:
            # Its server throws a viewer off now and then.
            print('a viewer was refused', file=sys.stderr)
    if len(times) <= JOINS // 2:
        raise RuntimeError(f'only {len(times)} of {JOINS} viewers saw a picture')
    return statistics.median_high(times) - loaded


def main():
    import backpack.rtsp
    from gi.repository import Gst
    Gst.init(None)
    server = backpack.rtsp.RTSPServer()
    sky = backpack.rtsp.RTSPSkyLine(server, '/stream')
    sky.start_streaming(FPS, WIDTH, HEIGHT)
    server.start()
    threading.Thread(target=feed, args=[sky], daemon=True).start()
    url = f'rtsp://127.0.0.1:{PORT}/stream'
    figures = {name: first_picture(url, name.removeprefix('first_picture_')) for name in sys.argv[1:]}
    print(json.dumps(figures), flush=True)
    # Its server has no end.
    os._exit(0)


main()
