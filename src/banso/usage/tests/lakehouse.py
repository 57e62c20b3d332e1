"""A real standalone Spark on loopback: a master and two workers, for as long as the tests need it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark
from pyspark.sql import SparkSession

WAIT_SECONDS = 60
# Small and quick: nothing is compiled for a few hundred rows.
SETTINGS = {
    "cache": "1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.executor.memory": "512m",
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.dynamicAllocation.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a master and two workers; lend the address of the engine."""
    home = Path(pyspark.__file__).parent
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    port = _free_port()
    at = f"spark://127.0.0.1:{port}"
    own = ["--host", "127.0.0.1", "--webui-port", "0"]
    deploy = "org.apache.spark.deploy"
    commands = [
        [f"{deploy}.master.Master", *own, "--port", str(port)],
        *([f"{deploy}.worker.Worker", *own, "-c", "1", "-m", "1g", "-d", str(folder / name), at] for name in "ab"),
    ]
    with (folder / "spark.log").open("wb") as log:
        started = []
        try:
            for command in commands:
                started.append(
                    subprocess.Popen(  # noqa: S603  # Spark's own
                        [str(home / "bin" / "spark-class"), *command], env=environment, stdout=log, stderr=log
                    )
                )
                if len(started) == 1:
                    _wait_for(port)
            yield f"{at}?{'&'.join(f'{name}={value}' for name, value in SETTINGS.items())}"
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(WAIT_SECONDS)


def stop() -> None:
    """End this process's own part, which would go on looking for its master."""
    if (active := SparkSession.getActiveSession()) is not None:
        active.stop()


def _wait_for(port: int) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
