#pragma once

#include "python/schema_node.hpp"

#include <memory>

namespace fasterapi::python {

using made_node = std::unique_ptr<const schema_node>;

// schema_scalars.cpp, schema_numbers.cpp
made_node make_any_node(const schema_builder& from);
made_node make_none_node(const schema_builder& from);
made_node make_bool_node(const schema_builder& from);
made_node make_str_node(const schema_builder& from);
made_node make_bytes_node(const schema_builder& from);
made_node make_int_node(const schema_builder& from);
made_node make_float_node(const schema_builder& from);
// schema_choices.cpp, schema_unions.cpp
made_node make_literal_node(const schema_builder& from);
made_node make_enum_node(const schema_builder& from);
made_node make_nullable_node(const schema_builder& from);
made_node make_union_node(const schema_builder& from);
made_node make_tagged_node(const schema_builder& from);
// schema_collections.cpp
made_node make_items_node(const schema_builder& from);
made_node make_tuple_node(const schema_builder& from);
made_node make_dict_node(const schema_builder& from);
// schema_records.cpp, schema_model.cpp
made_node make_model_node(const schema_builder& from);
made_node make_dataclass_node(const schema_builder& from);
made_node make_typed_dict_node(const schema_builder& from);
made_node make_named_tuple_node(const schema_builder& from);
// schema_moments.cpp
made_node make_moment_node(const schema_builder& from);
made_node make_uuid_node(const schema_builder& from);
made_node make_decimal_node(const schema_builder& from);
// schema_functions.cpp
made_node make_alias_node(const schema_builder& from);
made_node make_after_node(const schema_builder& from);
made_node make_checked_node(const schema_builder& from);
made_node make_python_node(const schema_builder& from);

} // namespace fasterapi::python
