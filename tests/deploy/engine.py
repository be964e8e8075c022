"""The engine that engine.sh has started (DOCKER_HOST)."""
import subprocess


def docker(*words, timeout=None):
    """What it printed.  RuntimeError with its words when it failed; subprocess.TimeoutExpired after so many seconds."""
    done = subprocess.run(["docker", *words], capture_output=True, text=True, timeout=timeout)
    if done.returncode:
        raise RuntimeError(f"docker {' '.join(words)[:200]}: {done.stderr.strip()}")
    return done.stdout


IMAGE_MOST_MB = 120  # above the base


def images(*names):
    """MB above the base, by image."""
    def size(tag):
        return int(docker("image", "inspect", "-f", "{{.Size}}", tag)) / 1e6
    base = size("debian:bookworm-slim")
    return {name: round(size(f"paten/{name}:test") - base, 1) for name in names}
