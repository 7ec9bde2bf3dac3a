// One text, a password a line, in order: a list of 18 000 pointers would have to be relocated at every start.

#include "methods/most_used_passwords.hpp"

#include <cstddef>

namespace sallyport::methods {
namespace {

constexpr std::string_view lines =
#include "most_used_passwords.inc"
    ;

std::string_view line_at(std::size_t start) { return lines.substr(start, lines.find('\n', start) - start); }

// Where the line begins in which `at` is.
std::size_t start_of(std::size_t at) {
    auto const before = at == 0 ? std::string_view::npos : lines.rfind('\n', at - 1);
    return before == std::string_view::npos ? 0 : before + 1;
}

}  // namespace

bool is_among_most_used(std::string_view password) {
    std::size_t first = 0;
    auto last = lines.size();  // Line starts, the last one excluded.
    while (first < last) {
        auto const middle = start_of(first + (last - first) / 2);
        auto const line = line_at(middle);
        if (line == password) return true;
        if (line < password)
            first = middle + line.size() + 1;
        else
            last = middle;
    }
    return false;
}

}  // namespace sallyport::methods
