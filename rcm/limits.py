"""The one table of limits: each with its source and what happens there.

Those of a file being read (segments, sets, findings) are in `edi.room`.
"""

FILE_BYTES_MAX = 100 * 1024 * 1024  #: Stored file; larger is refused (reliability.md 5).
CHUNK_BYTES = 1024 * 1024  #: Plain bytes of one sealed row (reliability.md, head).
WORKER_BYTES_MAX = 4 * 1024**3  #: Addresses of a worker's process; a job that wants more fails.
BODY_BYTES_MAX = 1024 * 1024  #: Of any call; larger is answered 413.
BODY_SECONDS_MAX = 60  #: Until a call's body has come to its end; slower is answered 408.
BACKUP_FRAME_BYTES_MAX = 8 * 1024 * 1024  #: Plain bytes of one piece of a backup; more is damage.
CLAIMS_PER_SET_MAX = 5_000  #: CLM segments an ST (X222A1 front matter); the batch is split.
ENCOUNTERS_PER_CALL_MAX = 500  #: Lines of one call, within BODY_BYTES_MAX; more is answered 422.
ENCOUNTERS_PER_SWEEP = 500  #: One transaction (design.md 5); the rest waits for the next job.
FILES_PER_COLLECT_MAX = 1_000  #: Of one visit to a partner; the rest waits for the next.
VIEW_BYTES_MAX = 25 * 1024 * 1024  #: Of a file in the viewer; the rest is only downloaded.
DIFF_BYTES_MAX = 256 * 1024  #: Each of two files that are compared; more is answered 422.
INSPECT_BYTES_MAX = 512 * 1024  #: A text to inspect; more is answered 413.
PAGE_MAX = 200  #: Rows of one page of a list; more is answered 422.
SORT_BY_NAME_MAX = 5_000  #: Names opened for one sorted page (design.md 2); more is answered 422.
EXPORT_ROWS_MAX = 100_000  #: Rows of one export; more is answered 422.
JSON_DEPTH_MAX = 64  #: Of nested JSON (reliability.md 4); deeper is refused before it is parsed.
JSON_DIGITS_MAX = 20  #: Of a number in JSON; none of ours has more.
SEARCH_HITS_MAX = 5  #: Of each group of a search.
INQUIRIES_PER_SET_MAX = (
    99  #: Patients of one 270 in batch (X279A1, loops 2000C and 2000D); the next file has the rest.
)
CHECKS_PER_SWEEP = 500  #: One transaction of a schedule; the rest waits for the next job.
CHECKS_PER_CALL_MAX = (
    10_000  #: Of one batch asked by the API (features.md 3); more is answered 422.
)
CONFORMANCE_SECONDS_MAX = 120  #: Processor time of pyx12 for one file; what is left is not checked.
CHILD_MEMORY_BYTES_MAX = 512 * 1024 * 1024  #: Of pyx12's process, beyond what it starts with.
