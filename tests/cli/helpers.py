"""What the tests of the command share."""

FILES = {
    "routes.geojson", "network.geojson", "nodes.geojson", "access.geojson", "comparison.csv", "legs.csv",
    "access.csv", "findings.json", "manifest.json", "report.html", "charts",
}  # fmt: skip


def clean(done):
    """Check that there is no traceback, and a message that is not empty."""
    assert "Traceback" not in done.all
    assert "Error:" not in done.err.splitlines()[0] if done.err.splitlines() else True
    return done


def mistake(done, *words, code=2):
    clean(done)
    assert done.code == code, done.all
    for word in words:
        assert word in done.err, done.err
    assert done.out == ""
    return done
