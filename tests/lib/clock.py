"""The office's clock: Western Indonesia, without summer time."""
import datetime
import time

WIB = datetime.timezone(datetime.timedelta(hours=7))
DAY_S = 24 * 60 * 60


def wib_now():
    return datetime.datetime.now(WIB)


def away_from_midnight(before_s=120, after_s=0):
    """For what takes the day twice: waits while midnight is that near."""
    now = wib_now()
    past_s = now.hour * 3600 + now.minute * 60 + now.second
    if past_s < after_s:
        time.sleep(after_s - past_s)
    elif DAY_S - past_s <= before_s:
        time.sleep(DAY_S - past_s + after_s)
