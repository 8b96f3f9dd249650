#include "python/result_check.hpp"

#include "called_job.hpp"

#include <string>

namespace fasterapi::python {

namespace {

bool fits(interpreter& python, const char* said, const char* value) {
  python.run("from fasterapi._result_check import make_check\n"
             "from typing import *\n"
             "import enum\n"
             "class Text(str): pass\n"
             "class Color(str, enum.Enum): RED = 'red'\n"
             "def deep(n):\n"
             "    made = []\n"
             "    for _ in range(n): made = [made]\n"
             "    return made\n");
  const py_ref check = python.value(("make_check(" + std::string(said) + ")").c_str());
  result_check made;
  REQUIRE(result_check::read(check.get(), made));
  return made.fits(python.value(value).get());
}

} // namespace

TEST_CASE("result_check: values of exactly the promised type fit") {
  interpreter python;
  CHECK(fits(python, "str", "'a'"));
  CHECK(fits(python, "int", "10**30"));
  CHECK(fits(python, "float", "1.5"));
  CHECK(fits(python, "bool", "True"));
  CHECK(fits(python, "None", "None"));
  CHECK(fits(python, "Dict[str, str]", "{'a': 'b'}"));
  CHECK(fits(python, "dict[str, list[int]]", "{'a': [1, 2], 'b': []}"));
  CHECK(fits(python, "List[Optional[bool]]", "[True, None]"));
  CHECK(fits(python, "Union[int, str]", "'a'"));
  CHECK(fits(python, "Tuple[int, str]", "(1, 'a')"));
  CHECK(fits(python, "Dict[str, Any]", "{'a': [1, {'b': None}], 'c': 1.5}"));
  CHECK(fits(python, "List[dict]", "[{'a': 1}]"));
  CHECK(fits(python, "list[list]", "[deep(150)]"));
}

TEST_CASE("result_check: what validation would convert, cut or refuse does not fit") {
  interpreter python;
  CHECK_FALSE(fits(python, "str", "1"));
  CHECK_FALSE(fits(python, "str", "Text('a')"));
  CHECK_FALSE(fits(python, "str", "Color.RED"));
  CHECK_FALSE(fits(python, "int", "True"));
  CHECK_FALSE(fits(python, "int", "'1'"));
  CHECK_FALSE(fits(python, "float", "1"));
  CHECK_FALSE(fits(python, "float", "float('nan')"));
  CHECK_FALSE(fits(python, "bool", "1"));
  CHECK_FALSE(fits(python, "Dict[str, str]", "{'a': 1}"));
  CHECK_FALSE(fits(python, "Dict[str, str]", "{1: 'a'}"));
  CHECK_FALSE(fits(python, "Dict[str, str]", "[('a', 'b')]"));
  CHECK_FALSE(fits(python, "List[int]", "(1, 2)"));
  CHECK_FALSE(fits(python, "Tuple[int, str]", "(1, 'a', 2)"));
  CHECK_FALSE(fits(python, "Dict[str, Any]", "{'a': {1, 2}}"));
  CHECK_FALSE(fits(python, "List[dict]", "[{'a': Color.RED}]"));
  CHECK_FALSE(fits(python, "list[list]", "[deep(250)]"));
}

TEST_CASE("result_check: types whose values have another form in JSON have no check") {
  interpreter python;
  python.run("from fasterapi._result_check import make_check\n"
             "from typing import *\n"
             "import datetime, uuid\n"
             "from fasterapi import Model\n"
             "class Item(Model):\n"
             "    name: str\n");
  CHECK(python.text("[make_check(each) for each in (Item, List[Item], datetime.date, uuid.UUID,"
                    " Set[int], Dict[int, str], Literal['a'], Annotated[int, 1], bytes,"
                    " Tuple[int, ...], Optional[Item])]") ==
        "[None, None, None, None, None, None, None, None, None, None, None]");
}

TEST_CASE("result_check: one that is malformed is refused") {
  interpreter python;
  for (const char* said : {"1", "()", "('text',)", "('dict',)", "('list', ('str',), ('str',))"}) {
    result_check made;
    CHECK_FALSE(result_check::read(python.value(said).get(), made));
    CHECK(python.error().starts_with("ValueError: malformed result check: "));
  }
  CHECK_FALSE(result_check{}.fits(Py_None));
}

} // namespace fasterapi::python
