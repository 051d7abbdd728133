'''The original's SkyLine: processor time, memory and the time in put() at 1080p.

The encoder is told what it can do at its fastest; the frames are those of Backpack's benchmark. Each figure is taken in a process of its own.
'''
import json
import os
import resource
import statistics
import subprocess
import sys
import time

WIDTH, HEIGHT, FRAMES = 1920, 1080, 300


def stream():
    '''A stream that records, with its frames.'''
    from backpack.skyline import SkyLine

    class Recorder(SkyLine):
        def _get_pipeline(self, fps, width, height):
            return (f'appsrc ! queue ! videoconvert ! video/x-raw,format=I420,width={width},height={height},'
                    f'framerate={fps}/1 ! x264enc bframes=0 key-int-max=45 bitrate=500 speed-preset=ultrafast '
                    'tune=zerolatency ! h264parse ! matroskamux ! filesink sync=false location=/dev/null')

    frames = [panned(4 * view, 2 * view) for view in range(8)]
    sky = Recorder()
    sky.start_streaming(30, WIDTH, HEIGHT)
    assert sky.state == SkyLine.State.STREAMING, sky.state
    return sky, frames


def encode_all():
    sky, frames = stream()
    before = cpu_seconds()
    for index in range(FRAMES):
        sky.put(frames[turn(index)])
    sky.stop_streaming()
    return cpu_seconds() - before


def put_at_pace():
    '''How long each put took, in nanoseconds.'''
    sky, frames = stream()
    begun = time.perf_counter()
    times = []
    for index in range(FRAMES // 2):
        time.sleep(max(0, begun + index / 30 - time.perf_counter()))
        start = time.perf_counter_ns()
        sky.put(frames[turn(index)])
        times.append(time.perf_counter_ns() - start)
    sky.stop_streaming()
    return times


def panned(left, top):
    '''Random levels eight pixels apart with smooth steps between them, and a little noise.'''
    import numpy as np
    x = np.arange(left, left + WIDTH, dtype=np.uint32)[None, :, None]
    y = np.arange(top, top + HEIGHT, dtype=np.uint32)[:, None, None]
    channel = np.arange(3, dtype=np.uint32)[None, None, :]

    def hashed(x, y):
        mixed = (x * np.uint32(73856093) ^ y * np.uint32(19349663)) * np.uint32(2654435769)
        return mixed >> np.uint32(16)

    def level(x, y):
        return hashed(x * np.uint32(3) + channel, y) & np.uint32(255)

    column, row, right, below = x // 8, y // 8, x % 8, y % 8
    above = level(column, row) * (8 - right) + level(column + 1, row) * right
    under = level(column, row + 1) * (8 - right) + level(column + 1, row + 1) * right
    smooth = (above * (8 - below) + under * below) // 64
    return (smooth * 3 // 5 + hashed(x * np.uint32(3) + channel + 7, y + 7) % 12 + 20).astype(np.uint8)


def turn(index):
    '''The view that is next in panning there and back.'''
    at = index % 14
    return min(at, 14 - at)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(name):
    if name == 'cpu_per_frame':
        return encode_all() / FRAMES * 1e9
    if name == 'peak_memory':
        encode_all()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return statistics.median(put_at_pace())


def in_own_process(name):
    output = subprocess.run([sys.executable, '-B', os.path.abspath(__file__), 'measure', name],
                            check=True, capture_output=True, text=True)
    return float(output.stdout.split()[-1])


if sys.argv[1:2] == ['measure']:
    print(measure(sys.argv[2]))
else:
    print(json.dumps({name: in_own_process(name) for name in sys.argv[1:]}))
