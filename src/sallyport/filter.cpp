#include "sallyport/filter.hpp"

#include <algorithm>

namespace sallyport {

Where equals(std::string property, Json value) {
    Where where;
    where.kind = Where::Kind::comparison;
    where.property = std::move(property);
    where.value = std::move(value);
    return where;
}

Where compare(std::string property, Operator op, Json value) {
    auto where = equals(std::move(property), std::move(value));
    where.op = op;
    return where;
}

Where all_of(std::vector<Where> parts) {
    std::erase_if(parts, [](Where const& part) { return part.matches_everything(); });
    if (parts.size() == 1) return std::move(parts.front());
    Where where;
    where.parts = std::move(parts);
    return where;
}

Where any_of(std::vector<Where> parts) {
    Where where;
    where.kind = Where::Kind::any;
    where.parts = std::move(parts);
    return where;
}

bool Fields::has(std::string_view property) const {
    auto const is_in = [property](std::vector<std::string> const& names) {
        return std::ranges::find(names, property) != names.end();
    };
    return (only.empty() || is_in(only)) && !is_in(except);
}

}  // namespace sallyport
