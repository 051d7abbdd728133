'''What the scripts share: timing, and the one line of JSON that they print.

Each takes the names of the wanted figures as its arguments: python -B bench_timepiece.py ticker_tick
'''
import json
import statistics
import sys
import time

# Repeats shorter than a slice of the scheduler, so that the median is of undisturbed ones even on a busy machine.
REPEATS = 500
SECONDS_PER_REPEAT = 0.001

# What takes longer than such a slice is repeated less often, but at least so often.
SECONDS_PER_FIGURE = 2
LEAST_REPEATS = 5

figures = {}


def measure(name, run):
    '''Takes a figure if it is wanted; run(n) takes n turns of a loop.'''
    if name in sys.argv[1:]:
        figures[name] = ns_per_turn(run)


def emit():
    '''Prints the figures in nanoseconds, without what the loop itself takes.'''
    overhead = ns_per_turn(repeated(None))
    print(json.dumps({name: max(0, round(ns - overhead, 1)) for name, ns in figures.items()}))


def repeated(step):
    '''A run that calls step in every turn; without one it does nothing.'''
    def run(n):
        for _ in range(n):
            step()

    def idle(n):
        for _ in range(n):
            pass

    return run if step else idle


def ns_per_turn(run):
    '''The median of the repeats, each of as many turns as fill its time.'''
    turns = 1
    while (seconds := seconds_of(run, turns)) < SECONDS_PER_REPEAT / 10:
        turns *= 4
    repeats = max(LEAST_REPEATS, min(REPEATS, int(SECONDS_PER_FIGURE * turns / seconds)))
    turns = max(1, int(turns * SECONDS_PER_REPEAT / seconds))
    return statistics.median(seconds_of(run, turns) / turns * 1e9 for _ in range(repeats))


def seconds_of(run, turns):
    # Of the processor: a turn may be longer than a slice, and then on a busy machine others have their turns within it, every time. All
    # that is measured works in this thread alone and waits for nothing.
    start = time.thread_time()
    run(turns)
    return time.thread_time() - start
