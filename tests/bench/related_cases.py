"""How long it takes to find related cases among 5,000 documents on disk, beside a process that only reads them.

python tests/bench/related_cases.py [--documents 5000]
"""

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from respondby.desk.related import IndexedText, Related

_READ = "import sys, pathlib\nfor p in sorted(pathlib.Path(sys.argv[1]).glob('*.md')): p.read_text(encoding='utf-8')"
_FIND = """
import sys, pathlib
from respondby.desk.related import IndexedText, Related
paths = sorted(pathlib.Path(sys.argv[1]).glob('*.md'))
found = [IndexedText(p.name, p.name, p.read_text(encoding='utf-8')) for p in paths]
Related(found).most_alike(found[0])
"""


def made(count: int) -> list[IndexedText]:
    """Documents of some 425 words whose words are as unevenly frequent as people's."""
    random.seed(1)
    words = [f"word{place}" for place in range(30_000)]
    weights = [1 / (place + 1) for place in range(len(words))]
    return [
        IndexedText(
            f"{place:05}.md",
            " ".join(random.choices(words, weights, k=7)),
            " ".join(random.choices(words, weights, k=425)),
        )
        for place in range(count)
    ]


def seconds(program: str, folder: str) -> tuple[float, float]:
    """The wall time of a process that runs the program, and its processor time, which other work delays less."""
    start, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program, folder], check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime


def main() -> None:
    """Prints the figures as a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=5_000)
    documents = made(options.parse_args().documents)
    start = time.perf_counter()
    index = Related(documents)
    built = time.perf_counter() - start
    warm = []
    for document in documents[:50]:
        start = time.perf_counter()
        index.most_alike(document)
        warm.append(time.perf_counter() - start)
    with tempfile.TemporaryDirectory() as folder:
        for document in documents:
            (Path(folder) / document.ref).write_text(f"{document.title}\n\n{document.text}\n", encoding="utf-8")
        (cold, cold_cpu), (read, read_cpu) = seconds(_FIND, folder), seconds(_READ, folder)
    print(
        f"{len(documents)} documents: built in {built:.2f} s, found in {statistics.median(warm) * 1000:.1f} ms (median)"
    )
    print(
        f"a process that reads and finds {cold:.2f} s, one that only reads {read:.2f} s, beside it {cold - read:.2f} s"
        f" (processor: {cold_cpu:.2f} s, {read_cpu:.2f} s, {cold_cpu - read_cpu:.2f} s)"
    )


if __name__ == "__main__":
    main()
