#include "model/remote_methods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace sallyport::model {
namespace {

bool matches(std::string_view pattern, MethodSpec const& method) {
    if (pattern == "**") return true;
    if (pattern == "*") return method.is_static;
    if (pattern == "prototype.*") return !method.is_static;
    if (method.name == pattern) return true;
    constexpr std::string_view prefix = "prototype.";
    if (pattern.starts_with(prefix) == method.is_static) return false;
    if (!method.is_static) pattern.remove_prefix(prefix.size());
    return method.short_name() == pattern || std::ranges::find(method.aliases, pattern) != method.aliases.end();
}

}  // namespace

RemoteMethods::RemoteMethods(std::string model, std::vector<MethodSpec> const& declared) : model_{std::move(model)} {
    for (auto const& spec : declared) {
        entries_.push_back({spec, {}});
        resolve(spec);
    }
}

MethodEntry* RemoteMethods::find(std::string_view name) {
    auto found = std::ranges::find_if(entries_, [&](MethodEntry const& entry) { return entry.spec.name == name; });
    if (found == entries_.end()) {
        found =
            std::ranges::find_if(entries_, [&](MethodEntry const& entry) { return entry.spec.short_name() == name; });
    }
    return found == entries_.end() ? nullptr : &*found;
}

void RemoteMethods::give(std::string_view name, MethodBody body) {
    auto* entry = find(name);
    if (entry == nullptr) {
        throw std::logic_error{
            fmt::format("model {} declares no method {}: add it to \"methods\" in its JSON", model_, name)};
    }
    entry->body = std::move(body);
}

void RemoteMethods::add(MethodSpec spec, MethodBody body) {
    if (spec.name.starts_with("prototype.")) spec.is_static = false;
    auto const same =
        std::ranges::find_if(entries_, [&](MethodEntry const& entry) { return entry.spec.name == spec.name; });
    if (same == entries_.end()) {
        entries_.push_back({std::move(spec), std::move(body)});
        resolve(entries_.back().spec);
        return;
    }
    if (same->body) same->spec = std::move(spec);
    same->body = std::move(body);
    resolve(same->spec);
}

void RemoteMethods::hook(When when, std::string pattern, RemoteHook hook) {
    hooked_.push_back({when, std::move(pattern), std::move(hook)});
    for (auto const& entry : entries_) resolve(entry.spec);
}

void RemoteMethods::resolve(MethodSpec const& method) {
    Hooks hooks;
    for (auto const& hooked : hooked_) {
        if (matches(hooked.pattern, method)) hooks[static_cast<std::size_t>(hooked.when)].push_back(hooked.hook);
    }
    by_method_[method.name] = std::move(hooks);
}

std::vector<RemoteHook> const& RemoteMethods::hooks(When when, MethodSpec const& method) const {
    auto const found = by_method_.find(method.name);
    return found == by_method_.end() ? none_ : found->second[static_cast<std::size_t>(when)];
}

}  // namespace sallyport::model
