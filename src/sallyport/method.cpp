#include "sallyport/method.hpp"

namespace sallyport {

std::string_view MethodSpec::short_name() const {
    constexpr std::string_view prefix = "prototype.";
    std::string_view const whole = name;
    return whole.starts_with(prefix) ? whole.substr(prefix.size()) : whole;
}

Json const& Invocation::argument(std::string_view name) const {
    static Json const absent;
    auto const* found = arguments.find(name);
    return found ? *found : absent;
}

}  // namespace sallyport
