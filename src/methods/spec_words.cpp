#include "methods/spec_words.hpp"

#include <utility>

namespace sallyport::methods {

ArgumentSpec argument(std::string name, TypeName type, ArgumentSpec::Source source, bool required) {
    ArgumentSpec spec;
    spec.name = std::move(name);
    spec.type = std::move(type);
    spec.source = source;
    spec.required = required;
    return spec;
}

ReturnSpec returned(std::string name, TypeName type) {
    ReturnSpec spec;
    spec.name = std::move(name);
    spec.type = std::move(type);
    return spec;
}

ReturnSpec whole_body(std::string name, TypeName type) {
    auto body = returned(std::move(name), std::move(type));
    body.root = true;
    return body;
}

}  // namespace sallyport::methods
