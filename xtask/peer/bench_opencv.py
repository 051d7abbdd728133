'''OpenCV used as well as it can be: nanoseconds per frame.

All that does not depend on the frame is done before, and what is translucent is blended on its bounding box only. Lines at an angle and
letters are anti-aliased. OpenCV 5 draws letters from outlines, several times faster than OpenCV 4 draws anti-aliased strokes this thick.
'''
import cv2
import numpy as np

from _scene import HEIGHT, WIDTH, measure_scenes, pixel

# Capital letters are 21 pixels high, as those of the other side.
FONT, SCALE = cv2.FONT_HERSHEY_SIMPLEX, 1.05
# Around the text, as wide as there.
ACROSS, DOWN = 9, 3
MARKER_SIZE = 20
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def prepare(scene, fill, rest):
    boxes, time, polygons, markers = scene
    shapes = [shape for entry in boxes for shape in box(*entry, rest)]
    shapes.append((*text(*time), rest))
    for index, (corners, color) in enumerate(polygons):
        if index == 0:
            shapes.append((*filling(corners, color), fill))
        shapes.append((*outline(corners, color), rest))
    shapes += [(*marker(*entry), rest) for entry in markers]
    return lambda frame: render(shapes, frame)


def render(shapes, frame):
    '''Draws shapes, which are an area of the frame, a function that draws on it and an opacity.'''
    for area, draw, opacity in shapes:
        part = frame[area]
        if opacity == 1:
            draw(part)
        else:
            overlay = part.copy()
            draw(overlay)
            cv2.addWeighted(overlay, opacity, part, 1 - opacity, 0, part)


def box(rect, above, below, color, opacity):
    (left, top), (right, bottom) = pixel(rect[:2]), pixel(rect[2:])
    area, end = (slice(top, bottom + 1), slice(left, right + 1)), (right - left, bottom - top)
    stroke = bgr(color)
    line = area, lambda part: cv2.rectangle(part, (0, 0), end, stroke, 1)
    labels = label(left, top, above, color, True), label(left, bottom, below, color, False)
    return [(*shape, opacity) for shape in (line, *labels)]


def label(left, y, text, color, is_above):
    (width, height), down = cv2.getTextSize(text, FONT, SCALE, 1)
    width, height, baseline = width + 2 * ACROSS, height + down + 2 * DOWN, DOWN + height
    left = max(0, min(left, WIDTH - width))
    top = max(0, min(y - height if is_above else y, HEIGHT - height))
    background = bgr(color)
    foreground = BLACK if np.dot(color, (0.299, 0.587, 0.114)) > 128 else WHITE

    def draw(part):
        cv2.rectangle(part, (0, 0), (width, height), background, cv2.FILLED)
        cv2.putText(part, text, (ACROSS, baseline), FONT, SCALE, foreground, 1, cv2.LINE_AA)
    return (slice(top, top + height), slice(left, left + width)), draw


def text(place, text):
    left, bottom = pixel(place)
    (width, height), down = cv2.getTextSize(text, FONT, SCALE, 1)
    area = slice(bottom - height - down, bottom), slice(left, left + width)
    return area, lambda part: cv2.putText(part, text, (0, height), FONT, SCALE, WHITE, 1, cv2.LINE_AA)


def filling(corners, color):
    (area, points), color = moved(corners), bgr(color)
    # The outline hides the border, so that it can be jagged.
    return area, lambda part: cv2.fillPoly(part, points, color)


def outline(corners, color):
    (area, points), color = moved(corners), bgr(color)
    return area, lambda part: cv2.polylines(part, points, True, color, 2, cv2.LINE_AA)


def moved(corners):
    '''The area of a polygon with its line, and the polygon inside it.'''
    points = np.array([pixel(corner) for corner in corners], np.int32)
    low, high = points.min(0) - 2, points.max(0) + 3
    return (slice(low[1], high[1]), slice(low[0], high[0])), [points - low]


def marker(place, style, color):
    (x, y), half = pixel(place), MARKER_SIZE // 2 + 1
    area = slice(y - half, y + half + 1), slice(x - half, x + half + 1)
    style, color = getattr(cv2, f'MARKER_{style}'), bgr(color)
    return area, lambda part: cv2.drawMarker(part, (half, half), color, style, MARKER_SIZE, 1, cv2.LINE_AA)


def bgr(color):
    return color[::-1]


measure_scenes(prepare)
