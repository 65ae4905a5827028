"""A job promised while its twin is being claimed is never lost: a race, run many times."""

import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random

from sqlalchemy import text

from rcm import jobs
from rcm.db import UnitOfWork
from rcm.jobs import Work
from rcm.waiting import poll
from tests.rcm.job_probes import runner

POSTERS, POSTS = 4, 40


def test_no_row_stays_unswept(scratch: UnitOfWork) -> None:
    posting_ends = threading.Event()

    def post(seed: int) -> None:
        random = Random(seed)
        for _ in range(POSTS):
            with scratch() as session:
                session.execute(text("INSERT INTO scratch DEFAULT VALUES"))
                jobs.add(session, "sweep_encounters")
                # Between promise and commit: here a sweep that started would miss the row.
                session.execute(text("SELECT pg_sleep(:s)"), {"s": random.random() / 500})

    def sweep(work: Work) -> None:
        with work.finish() as session:
            session.execute(text("UPDATE scratch SET is_swept = true WHERE NOT is_swept"))

    def work_all() -> int:
        ran = 0
        while True:
            is_last_look = posting_ends.is_set()
            with scratch() as session:
                found = poll(session, "intake", again_seconds=0)
            for job_id, _ in found:
                runner(scratch, sweep).run(job_id)
                ran += 1
            if is_last_look and not found:
                return ran

    with ThreadPoolExecutor(POSTERS + 2) as pool:
        workers = [pool.submit(work_all) for _ in range(2)]
        try:
            for done in [pool.submit(post, seed) for seed in range(POSTERS)]:
                done.result()
        finally:
            posting_ends.set()
        ran = sum(done.result() for done in workers)
    with scratch() as session:
        counts = session.execute(text("SELECT is_swept, count(*) FROM scratch GROUP BY 1")).all()
        waiting = session.execute(text("SELECT count(*) FROM job WHERE state <> 'done'"))
        assert waiting.scalar_one() == 0
    assert counts == [(True, POSTERS * POSTS)]
    assert ran > 1
