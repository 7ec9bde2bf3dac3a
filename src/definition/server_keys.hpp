// Which keys may stand where in the files of server/: LoopBack's and its packages', and ours.

#pragma once

#include "definition/known_keys.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::definition {

/// Middleware, or a component, that Sallyport has built in, and the keys of what it is given.
struct BuiltIn {
    std::string_view name;
    std::span<Key const> params;
};

std::span<BuiltIn const> built_in_middleware();
std::span<BuiltIn const> built_in_components();

/// Null if there is none of that name.
BuiltIn const* find_built_in(std::span<BuiltIn const> among, std::string_view name);
std::vector<std::string> names_of(std::span<BuiltIn const> built_in);

std::span<Key const> middleware_entry_keys();  ///< Of one entry of middleware.json.
std::span<Key const> meta_keys();              ///< Of "_meta" in model-config.json.
std::span<Key const> transport_keys();         ///< Of one of the transports of a mail data source.

/// Keys of a data source with that connector; empty for a connector we do not judge.
std::span<Key const> data_source_keys(std::string_view connector);

}  // namespace sallyport::definition
