// nestRemoting: the related model's own relation methods, one level down: /Books/1/pages/2/notes is notes of the page 2
// that belongs to book 1. The related record is looked up as the relation's own route does, then its method runs.

#include "methods/relation_road.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <utility>

namespace sallyport::methods {
namespace {

using Kind = definition::Relation::Kind;

/// A method of the related model, and the road to the record that it runs on.
struct Nested {
    std::shared_ptr<Road const> road;
    Reach reach;
    model::MethodEntry inner;
    bool is_many = false;
};

bool leads_to_many(definition::Relation const& relation) {
    return relation.kind != Kind::belongs_to && relation.kind != Kind::has_one && relation.kind != Kind::embeds_one;
}

Task<> run_hooks(std::vector<RemoteHook> const& hooks, Invocation& call) {
    for (auto const& hook : hooks) co_await hook(call);
}

Task<Result> run(Invocation& call, Nested const& nested) {
    auto const& road = *nested.road;
    if (!model::is_embedded(road.relation)) co_await require_related(call, road);
    auto found = co_await nested.reach(call, road, call.argument("nk"));
    if (!found && nested.is_many) throw no_instance(road, call.argument("nk"));
    if (!found) co_return Json{nullptr};
    auto& related = road.related();
    auto id = related.id_of(*found);
    Invocation inner{.model = related,
                     .method = nested.inner.spec,
                     .caller = call.caller,
                     .request = call.request,
                     .arguments = call.arguments,
                     .id = std::move(id),
                     .instance = std::move(*found),
                     .result = {},
                     .status = 0,
                     .response_headers = {}};
    inner.arguments.erase("nk");
    co_await run_hooks(related.hooks_before(inner.method), inner);
    inner.result = co_await nested.inner.body(inner);
    co_await run_hooks(related.hooks_after(inner.method), inner);
    call.status = inner.status;
    std::ranges::move(inner.response_headers, std::back_inserter(call.response_headers));
    co_return std::move(inner.result);
}

// "__get__notes" below the relation "pages" is "__get__pages__notes"; nothing for methods that are not of a relation,
// or are nested themselves.
std::string nested_name(std::string_view inner, std::string const& relation) {
    static RE2 const pattern{"__([^_]+)__([^_]+)"};
    std::string verb;
    std::string name;
    if (!RE2::FullMatch(re2::StringPiece{inner.data(), inner.size()}, pattern, &verb, &name)) return {};
    return fmt::format("prototype.__{}__{}__{}", verb, relation, name);
}

MethodSpec nested_spec(Nested const& nested, std::string name) {
    constexpr std::string_view id = "/:id";
    auto spec = nested.inner.spec;
    spec.name = std::move(name);
    auto const start = nested.road->path() + (nested.is_many ? "/:nk" : "");
    for (auto& route : spec.http) route.path = start + route.path.substr(route.path.starts_with(id) ? id.size() : 0);
    if (nested.is_many) spec.accepts.insert(spec.accepts.begin(), id_in_path("nk", "Id of the related record"));
    spec.description = fmt::format("{} Of {}.", spec.description, nested.road->name());
    return spec;
}

}  // namespace

void add_nested(std::shared_ptr<Road const> const& road, Reach const& reach) {
    auto const methods = road->related().methods();
    for (auto const& entry : methods) {
        auto name = entry.spec.is_static ? std::string{} : nested_name(entry.spec.short_name(), road->name());
        if (name.empty() || !entry.body) continue;
        auto const nested = std::make_shared<Nested const>(Nested{road, reach, entry, leads_to_many(road->relation)});
        road->model.add_method(nested_spec(*nested, std::move(name)),
                               [nested](Invocation& call) { return run(call, *nested); });
    }
}

}  // namespace sallyport::methods
