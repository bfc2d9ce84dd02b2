"""Lines on the sphere, where they spare loading pyproj, against those on the ellipsoid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.network.earth import SPHERE_OFF, geodesic_km, sphere_km

longitudes, latitudes = st.floats(-180, 180), st.floats(-90, 90)
steps = st.floats(-1, 1)


@given(longitudes, latitudes, longitudes, latitudes)
def test_a_line_on_the_sphere_is_off_by_no_more_than_is_said(lon1, lat1, lon2, lat2):
    assert sphere_km(lon1, lat1, lon2, lat2) == pytest.approx(
        geodesic_km(lon1, lat1, lon2, lat2), rel=SPHERE_OFF, abs=1e-6
    )


@given(longitudes, st.sampled_from([-89.0, -45.0, 0.0, 45.0, 89.0]), steps, steps)
def test_so_is_a_short_one_along_a_meridian_or_a_parallel(lon, lat, east, north):
    straight = geodesic_km(lon, lat, lon + east, lat + north)
    assert sphere_km(lon, lat, lon + east, lat + north) == pytest.approx(straight, rel=SPHERE_OFF, abs=1e-6)
