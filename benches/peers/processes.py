"""Times work that forked processes share: NumPy has no threads for it."""

import multiprocessing
import statistics
import time


def timed(processes, repeats, prepare):
    """`prepare(share)` gives each process the work of its share, which then runs once to warm up and `repeats` times, all beginning
    together. Returns the median of the seconds from the first to begin to the last to end, and the results by round and share."""
    context = multiprocessing.get_context("fork")
    begin, results = context.Barrier(processes), context.Queue()
    rounds = repeats + 1

    def serve(share):
        work = prepare(share)
        for _ in range(rounds):
            begin.wait()
            start = time.monotonic()
            result = work()
            results.put((share, start, time.monotonic(), result))

    workers = [context.Process(target=serve, args=(share,)) for share in range(processes)]
    for worker in workers:
        worker.start()
    seconds, found = [], []
    for _ in range(rounds):
        parts = sorted((results.get() for _ in workers), key=lambda part: part[0])
        _, starts, ends, own = zip(*parts)
        seconds.append(max(ends) - min(starts))
        found.append(own)
    for worker in workers:
        worker.join()
    return statistics.median(seconds[1:]), found
