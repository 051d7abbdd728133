'''The original's timepiece: nanoseconds per operation.'''
import datetime

from _bench import emit, measure, repeated
from backpack.timepiece import (
    AlarmClock, AtSchedule, Callback, IntervalSchedule, OrdinalSchedule, StopWatch, StopWatchTachometer,
    Ticker, TickerTachometer, local_now)

HOUR = datetime.timedelta(hours=1)
NEVER = 1 << 60


def entered(context):
    def run(n):
        for _ in range(n):
            with context:
                pass
    return run


def child_entered(watch):
    def run(n):
        for _ in range(n):
            with watch.child('task'):
                pass
    return run


def summary(ticker):
    return lambda: (ticker.min(), ticker.mean(), ticker.max())


noop = Callback(cb=lambda: None)
intervals = [IntervalSchedule(HOUR, noop) for _ in range(10)]
ordinals = [OrdinalSchedule(NEVER, noop) for _ in range(10)]
mixed = (
    [IntervalSchedule(HOUR, noop) for _ in range(4)]
    + [AtSchedule(local_now() + HOUR, noop) for _ in range(3)]
    + [OrdinalSchedule(NEVER, noop) for _ in range(3)])
full = Ticker(max_intervals=6000)
for _ in range(6001):
    full.tick()

measure('ticker_tick', repeated(Ticker(max_intervals=10).tick))
measure('stopwatch_enter_exit', entered(StopWatch('root')))
measure('stopwatch_child_enter_exit', child_entered(StopWatch('root')))
measure('ticker_tachometer_tick', repeated(TickerTachometer(lambda time, timer: None, HOUR).tick))
measure('stopwatch_tachometer_enter_exit', entered(StopWatchTachometer(lambda time, timer: None, HOUR)))
measure('alarmclock_10_interval', repeated(AlarmClock(intervals).tick))
measure('alarmclock_10_ordinal', repeated(AlarmClock(ordinals).tick))
measure('alarmclock_10_mixed', repeated(AlarmClock(mixed).tick))
measure('stats_of_6000_min_mean_max', repeated(summary(full)))
emit()
