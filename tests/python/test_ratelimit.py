"""RateLimitMiddleware: who is let pass, and what it remembers."""

import time
from typing import Any, List, Optional

import pytest

from fasterapi import App, Request
from fasterapi._plain_request import PlainRequest
from fasterapi.datastructures import Address
from fasterapi.middleware import RateLimitMiddleware
from fasterapi.middleware.ratelimit import Bucket, LocalStore, client_key
from fasterapi.testclient import TestClient


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> List[float]:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic_ns", lambda: int(now[0] * 1e9))
    return now


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fasterapi.middleware.ratelimit._store", LocalStore)


def client_of(**options: Any) -> TestClient:
    app = App()
    app.add_middleware(RateLimitMiddleware, **options)
    app.get("/")(lambda: 1)
    app.get("/other")(lambda: 2)
    return TestClient(app)


def test_what_is_beyond_the_limit_is_told_when_to_come_again(clock: List[float]) -> None:
    client = client_of(limit=2, per=10.0)
    assert [client.get(path).status_code for path in ("/", "/other")] == [200, 200]
    refused = client.get("/")
    assert (refused.status_code, refused.json()) == (429, {"detail": "Too Many Requests"})
    assert refused.headers["retry-after"] == "5"
    clock[0] += 4.9
    assert client.get("/").headers["retry-after"] == "1"
    clock[0] += 0.1
    assert [client.get("/").status_code for _ in range(2)] == [200, 429]
    clock[0] += 60
    assert [client.get("/").status_code for _ in range(3)] == [200, 200, 429]


def test_a_burst_of_its_own(clock: List[float]) -> None:
    client = client_of(limit=10, per=10.0, burst=1)
    assert [client.get("/").status_code for _ in range(2)] == [200, 429]
    clock[0] += 1
    assert [client.get("/").status_code for _ in range(2)] == [200, 429]


def test_each_key_has_a_bucket_and_none_passes(clock: List[float]) -> None:
    def by_user(request: Request) -> Optional[str]:
        return request.headers.get("x-user")

    client = client_of(limit=1, per=60, key=by_user)
    for user in ("ann", "ben"):
        statuses = [client.get("/", headers={"x-user": user}).status_code for _ in range(2)]
        assert statuses == [200, 429]
    assert [client.get("/").status_code for _ in range(3)] == [200] * 3


@pytest.mark.parametrize(
    "host, key",
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "20010db800010002::/64"),
        ("2001:db8:1:2:ffff::1", "20010db800010002::/64"),
        ("fe80::1%eth0", "fe80000000000000::/64"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_the_key_of_an_address(host: str, key: str) -> None:
    assert client_key(PlainRequest(client=Address(host, 1))) == key


def test_a_client_without_an_address_is_not_limited() -> None:
    assert client_key(PlainRequest()) is None


def test_the_keys_of_one_interpreter_are_bounded() -> None:
    store = LocalStore(most=3)
    for number in range(10):
        store.compare_and_set(str(number), None, number, 1.0)
    assert [store.get(str(number)) for number in range(10)] == [*[None] * 7, 7, 8, 9]


def test_a_bucket_that_another_worker_changes_meanwhile_is_looked_at_again(
    clock: List[float],
) -> None:
    class Contended(LocalStore):
        lost = 0

        def compare_and_set(self, key: str, expected: Any, value: int, ttl: float) -> bool:
            if self.lost < 2:
                self.lost += 1
                super().compare_and_set(key, expected, value, ttl)  # the other one's
                return False
            return super().compare_and_set(key, expected, value, ttl)

    bucket = Bucket(3, 3.0, 3)
    bucket._store = Contended()
    assert bucket.take("a") == 0.0
    assert bucket.take("a") == 1.0


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 1, "per": 0}, {"limit": 1, "burst": 0}])
def test_limits_that_are_none(wrong: Any) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        RateLimitMiddleware(lambda request: request, **wrong)
