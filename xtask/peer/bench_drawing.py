'''The original's OpenCVImageAnnotationDriver: nanoseconds per frame.

Its labels have no background, its lines and letters are not anti-aliased, and its capital letters are 24 pixels high, three more than
Backpack's: none of that can be set for the labels of a box. Its crosses are diamonds.
'''
from _scene import measure_scenes
from backpack.annotation import (
    BoundingBoxAnnotation, Color, LabelAnnotation, MarkerAnnotation, PolyLineAnnotation)
from backpack.annotation.opencv import OpenCVImageAnnotationDriver
from backpack.geometry import Point, PolyLine, Rectangle


def prepare(scene, fill, rest):
    boxes, (place, text), polygons, markers = scene
    annotations = [
        BoundingBoxAnnotation(
            rectangle=Rectangle(Point(*rect[:2]), Point(*rect[2:])), top_label=above, bottom_label=below,
            color=Color(*color, rest))
        for rect, above, below, color in boxes]
    annotations.append(LabelAnnotation(Point(*place), text, Color(255, 255, 255, rest)))
    annotations += [
        PolyLineAnnotation(
            PolyLine([Point(*corner) for corner in corners], closed=True), thickness=2, color=Color(*color, rest),
            fill_color=None if index else Color(*color, fill))
        for index, (corners, color) in enumerate(polygons)]
    annotations += [
        MarkerAnnotation(Point(*place), MarkerAnnotation.Style[style], Color(*color, rest))
        for place, style, color in markers]
    driver = OpenCVImageAnnotationDriver()
    return lambda frame: driver.render(annotations, frame)


measure_scenes(prepare)
