// The methods of one model that a URL can reach, their bodies, and the hooks around them.

#pragma once

#include "sallyport/method.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::model {

/// A method with its body; a null body is one that JSON declares and nobody gave a body yet.
struct MethodEntry {
    MethodSpec spec;
    MethodBody body;
};

/// Changed only before the app serves; then safe on any thread.
class RemoteMethods {
public:
    enum class When : std::uint8_t { before, after, after_error };

    RemoteMethods(std::string model, std::vector<MethodSpec> const& declared);

    /// The declared method that `name` means: "close" finds "prototype.close" too. Null if there is none.
    MethodEntry* find(std::string_view name);

    /// Gives a declared method its body. Throws std::logic_error naming model and method if it is not declared.
    void give(std::string_view name, MethodBody body);

    /// Adds a method. One that JSON declared under that name keeps its declaration; one added before is replaced.
    void add(MethodSpec spec, MethodBody body);

    /// `pattern` is a name or alias as LoopBack writes it ("create", "prototype.close"), "*" for all static methods,
    /// "prototype.*" for all others, or "**" for all.
    void hook(When when, std::string pattern, RemoteHook hook);

    std::vector<MethodEntry> const& entries() const { return entries_; }

    /// The hooks of a method, in the order they were added.
    std::vector<RemoteHook> const& hooks(When when, MethodSpec const& method) const;

private:
    using Hooks = std::array<std::vector<RemoteHook>, 3>;
    struct Hooked {
        When when;
        std::string pattern;
        RemoteHook hook;
    };

    void resolve(MethodSpec const& method);

    std::string model_;
    std::vector<MethodEntry> entries_;
    std::vector<Hooked> hooked_;
    std::map<std::string, Hooks, std::less<>> by_method_;
    std::vector<RemoteHook> none_;
};

}  // namespace sallyport::model
