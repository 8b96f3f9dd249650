"""How the server runs an app: its worker interpreters and its I/O threads.

An app module may ask for them while it is imported; the command line, FASTERAPI_ variables and the
configuration file win::

    from fasterapi.core import ExecutorConfig, PythonExecutor

    config = ExecutorConfig()
    config.use_subinterpreters = True
    config.num_workers = 8
    PythonExecutor.initialize(config)
"""

from fasterapi.core.executor import ExecutorConfig, ExecutorStats, PythonExecutor
from fasterapi.core.reactor import Reactor, ReactorStats

__all__ = ["ExecutorConfig", "ExecutorStats", "PythonExecutor", "Reactor", "ReactorStats"]
