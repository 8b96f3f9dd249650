"""fasterapi.Model: validators of fields, of models and in annotations."""

from typing import Annotated, Any, List

import pytest

from fasterapi.models import (
    AfterValidator,
    Field,
    Model,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from support.models import problems


class Account(Model):
    name: str
    password: str
    again: str = ""

    @field_validator("name", "password", mode="before")
    @classmethod
    def not_secret(cls, value: Any) -> Any:
        if value == "secret":
            raise ValueError("guessed")
        return value

    @field_validator("name")
    @classmethod
    def lowered(cls, value: str) -> str:
        assert value.isalpha(), "letters only"
        return value.lower()

    @field_validator("again")
    @classmethod
    def same(cls, value: str, info: ValidationInfo) -> str:
        if value != info.data.get("password"):
            raise ValueError(f"{info.field_name} differs")
        return value

    @model_validator(mode="before")
    @classmethod
    def split(cls, data: Any) -> Any:
        if isinstance(data, str):
            name, password = data.split(":")
            return {"name": name, "password": password}
        return data

    @model_validator(mode="after")
    def sound(self) -> "Account":
        if self.name == self.password:
            raise ValueError("name is password")
        return self


def test_validators_run_in_their_place() -> None:
    assert Account.model_validate("Ann:x").name == "ann"
    assert problems(Account, {"name": "secret", "password": "p"}) == [("value_error", ("name",))]
    assert problems(Account, {"name": "a1", "password": "p"}) == [("assertion_error", ("name",))]
    assert problems(Account, {"name": "a", "password": "p", "again": "q"}) == [
        ("value_error", ("again",))
    ]
    with pytest.raises(ValidationError) as caught:
        Account(name="a", password="a")
    (error,) = caught.value.errors()
    assert error["msg"] == "Value error, name is password"
    assert error["loc"] == ()
    assert isinstance(error["ctx"]["error"], ValueError)


class Child(Account):
    age: int = Field(ge=0)

    @field_validator("age", mode="wrap")
    @classmethod
    def forgiving(cls, value: Any, handler: Any) -> int:
        try:
            return int(handler(value))
        except ValidationError:
            return 0


def test_fields_validators_and_config_are_inherited() -> None:
    child = Child(name="Ben", password="x", age=-1)
    assert (child.name, child.age) == ("ben", 0)
    assert list(Child.model_fields) == ["name", "password", "again", "age"]


Positive = Annotated[int, AfterValidator(abs), Field(gt=0)]


class Amount(Model):
    amount: Positive
    amounts: List[Positive] = []


def test_functions_and_constraints_in_annotated_run_in_turn() -> None:
    assert Amount(amount=-3, amounts=["-4"]) == Amount(amount=3, amounts=[4])
    assert problems(Amount, {"amount": 0}) == [("greater_than", ("amount",))]
