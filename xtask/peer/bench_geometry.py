'''The original's geometry: nanoseconds per operation.

The polygon is a star of 20 vertices; points and lines come from a small generator, so that they are the same everywhere. The original
keeps what it has computed of an object, so what is named "cold" makes a new one in every turn.
'''
import math
from itertools import cycle, islice

from _bench import emit, measure
from backpack.geometry import Line, Point, PolyLine, Rectangle


def generator(state=12345):
    while True:
        state = (state * 1103515245 + 12345) & 0x7fffffff
        yield state / 0x7fffffff


def applied(operation, items):
    def run(n):
        for item in islice(cycle(items), n):
            operation(*item)
    return run


numbers = generator()


def point():
    return Point(next(numbers), next(numbers))


def vertex(index):
    radius, angle = 0.45 if index % 2 else 0.25, index * math.tau / 20
    return Point(0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle))


star = [vertex(index) for index in range(20)]
polygon = PolyLine(star)
points = [point() for _ in range(256)]
lines = [(Line(point(), point()), Line(point(), point())) for _ in range(256)]
pairs = [(point(), point()) for _ in range(256)]
rectangles = [Rectangle(*pair) for pair in pairs]

measure('point_distance', applied(Point.distance, pairs))
measure('line_intersects', applied(Line.intersects, lines))
measure('polyline20_has_inside', applied(polygon.has_inside, [(point,) for point in points]))
measure('polyline20_cold_self_intersects', applied(lambda: PolyLine(star).self_intersects, [()]))
measure('polyline20_cold_is_convex', applied(lambda: PolyLine(star).is_convex, [()]))
measure('rect_has_inside', applied(Rectangle.has_inside, list(zip(rectangles, points))))
emit()
