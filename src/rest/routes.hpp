// The route table: verb and path to a method, as express finds them in LoopBack.

#pragma once

#include "sallyport/method.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sallyport::rest {

/// Values of a route's ":name" segments, decoded. The names belong to the table.
class PathParameters {
public:
    /// The value of `name`; nullptr if the route does not name it. The pointer lives until another one is added.
    std::string const* find(std::string_view name) const;
    void add(std::string_view name, std::string value) { values_.emplace_back(name, std::move(value)); }

private:
    std::vector<std::pair<std::string_view, std::string>> values_;
};

struct RouteMatch {
    std::size_t target = 0;  ///< What was given to add().
    PathParameters parameters;
};

/// Filled once, then only read; find() is safe on any thread.
class Routes {
public:
    /// Routes of one model below `path` ("/Notes"); `model` is its name, for messages. Returns its number.
    std::size_t add_model(std::string model, std::string path);

    /// Adds a route of that model: `verb` in upper case or ALL, `path` below the model's ("/:id/orders").
    void add(std::size_t model, std::string_view verb, std::string_view path, std::size_t target);

    /// Brings the routes of each model into express's order: most specific first. After the last add().
    void sort();

    /// The route of a request; `path` is what follows the API root, `query` is for messages only.
    ///
    /// Matches without regard to case; one slash at the end is allowed; HEAD finds a GET route unless a HEAD route
    /// matches; other verbs before ALL. Throws Error: 404 with LoopBack's texts, 400 URIError for a segment that
    /// cannot be decoded.
    RouteMatch find(std::string_view verb, std::string_view path, std::string_view query) const;

    /// Whether a model is mounted where that path leads.
    bool has_model(std::string_view path) const { return mounted(path).first != nullptr; }

private:
    struct Segment {
        std::string text;  ///< In lower case, or the name of a parameter.
        bool is_parameter = false;
    };
    struct Route {
        std::string verb;
        std::vector<Segment> segments;
        std::size_t target = 0;
    };
    struct Mounted {
        std::string model;
        std::string path;  ///< In lower case: "/notes"
        std::vector<Route> routes;
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    static bool comes_before(Route const& left, Route const& right);
    std::pair<Mounted const*, std::string_view> mounted(std::string_view path) const;
    Route const* match(Mounted const& model, std::string_view verb,
                       std::vector<std::string_view> const& segments) const;

    std::vector<Mounted> models_;
    std::unordered_map<std::string, std::vector<std::size_t>, TextHash, std::equal_to<>> by_first_segment_;
};

/// What follows `root` ("/api") in a path, as express mounts it: without regard to case, "" for the root itself.
/// Nothing (nullptr data) if the path is not below it.
std::string_view below(std::string_view root, std::string_view path);

/// decodeURIComponent (ECMA-262 section 19.2.6.3); throws Error 400 URIError naming the text if it is not encoded
/// UTF-8.
std::string decode_segment(std::string_view text);

/// encodeURIComponent (ECMA-262 section 19.2.6.4).
std::string encode_segment(std::string_view text);

}  // namespace sallyport::rest
