'''supervision: nanoseconds per frame.

The only thing that it can draw translucent of these is the fill. The scale of its letters is such that the capital ones are 21 pixels high,
as those of the other side. Its markers are dots and triangles, five each; boxes, polygons and markers are not anti-aliased.
'''
import numpy as np
import supervision as sv

from _scene import HEIGHT, WIDTH, measure_scenes, pixel

SCALE = 1.05
# Backgrounds as high as there.
PADDING = 6
# Its texts without a background are placed by their middle; so far from the corner is that of the time.
TO_MIDDLE = 150, 17


def prepare(scene, fill, _):
    boxes, time, polygons, markers = scene
    drawers = [boxed(boxes), timed(*time)]
    drawers += [polygon(*entry, None if index else fill) for index, entry in enumerate(polygons)]
    drawers += [marked(sv.DotAnnotator, markers[:5]), marked(sv.TriangleAnnotator, markers[5:])]

    def render(frame):
        for draw in drawers:
            draw(frame)
    return render


def boxed(boxes):
    rects, above, below, _ = zip(*boxes)
    objects, colors = detections(np.array(rects) * [WIDTH, HEIGHT, WIDTH, HEIGHT]), lookup(boxes)
    box = sv.BoxAnnotator(thickness=1, **colors)
    top, bottom = (
        sv.LabelAnnotator(text_position=position, text_scale=SCALE, text_padding=PADDING, **colors)
        for position in (sv.Position.TOP_LEFT, sv.Position.BOTTOM_LEFT))

    def draw(frame):
        box.annotate(frame, objects)
        top.annotate(frame, objects, labels=above)
        bottom.annotate(frame, objects, labels=below)
    return draw


def timed(place, text):
    (x, y), (across, up) = pixel(place), TO_MIDDLE
    middle = sv.Point(x + across, y - up)
    return lambda frame: sv.draw_text(frame, text, middle, sv.Color.WHITE, SCALE)


def polygon(corners, color, fill):
    points, color = np.array([pixel(corner) for corner in corners]), sv.Color(*color)

    def draw(frame):
        if fill:
            sv.draw_filled_polygon(frame, points, color, opacity=fill)
        sv.draw_polygon(frame, points, color, 2)
    return draw


def marked(annotator, markers):
    centers = np.array([pixel(marker[0]) for marker in markers])
    objects, marks = detections(np.hstack([centers - 10, centers + 10])), annotator(**lookup(markers))
    return lambda frame: marks.annotate(frame, objects)


def detections(rects):
    return sv.Detections(xyxy=rects.astype(np.float32), class_id=np.arange(len(rects)))


def lookup(entries):
    '''Each object in the colour that stands last in its entry.'''
    palette = sv.ColorPalette([sv.Color(*entry[-1]) for entry in entries])
    return {'color': palette, 'color_lookup': sv.ColorLookup.INDEX}


measure_scenes(prepare, ('opaque', 'one_fill'))
