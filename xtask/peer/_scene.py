'''The scene of the benchmark of backpack-annotate, and how the peers are measured on it.

Places in the file are normalised. A box is its left, top, right and bottom, the label above, the label below and the colour; then come the
time, as a place and a text; the polygons, as corners and a colour, the first one to be filled; and the markers, as a place, a style and a
colour.
'''
import json
import pathlib

import cv2
import numpy as np

from _bench import emit, measure, repeated

WIDTH, HEIGHT = 1920, 1080

# Of the fill, and of everything else.
OPACITIES = {'opaque': (1.0, 1.0), 'one_fill': (0.5, 1.0), 'all_alpha': (0.5, 0.5)}

FILE = pathlib.Path(__file__).parents[2] / 'crates/backpack-annotate/benches/scene/scene.json'


def measure_scenes(prepare, names=OPACITIES):
    '''Measures what prepare(scene, fill, rest) returns for the two opacities: a function that draws on a BGR frame.

    The frame is not cleared in between, which makes no difference to what is to be done.
    '''
    # Backpack draws in one thread.
    cv2.setNumThreads(1)
    scene = json.loads(FILE.read_text(encoding='utf-8'))
    for name in names:
        render = prepare(scene, *OPACITIES[name])
        # Pages that were never written to would all be the same page of zeros.
        frame = np.full((HEIGHT, WIDTH, 3), 16, np.uint8)
        measure(name, repeated(lambda: render(frame)))
    emit()


def pixel(place):
    x, y = place
    return int(x * WIDTH), int(y * HEIGHT)
