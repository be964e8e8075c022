"""The engine that engine.sh has started (DOCKER_HOST)."""
import subprocess


def docker(*words, timeout=None):
    """What it printed.  RuntimeError with its words when it failed; subprocess.TimeoutExpired after so many seconds."""
    done = subprocess.run(["docker", *words], capture_output=True, text=True, timeout=timeout)
    if done.returncode:
        raise RuntimeError(f"docker {' '.join(words)[:200]}: {done.stderr.strip()}")
    return done.stdout
